package secret

import "os/exec"

// alone: on Windows the command itself is ended, and its output is no longer waited for.
func alone(*exec.Cmd) {}
