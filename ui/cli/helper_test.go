package cli_test

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
)

// helper is the program that the scripts start where Unix would have a shell's: the test
// program itself, under another name. It reads its task from its arguments:
//
//	helper same NAME OTHER…  ends with 1 unless variables are there once, with the value of others
//	helper echo ARG…         prints them
//	helper cat FILE          prints a file, or standard input without one
//	helper fetch             prints the variable TOKEN, and leaves a file named fetched
//	helper exit CODE         prints "out" and, on standard error, "err", and ends with the code
func helper() {
	task, args := os.Args[1], os.Args[2:]
	var err error
	switch task {
	case "same":
		for pair := range slices.Chunk(args, 2) {
			seen := slices.DeleteFunc(os.Environ(), func(v string) bool { return !strings.HasPrefix(v, pair[0]+"=") })
			if want := pair[0] + "=" + os.Getenv(pair[1]); !slices.Equal(seen, []string{want}) {
				err = fmt.Errorf("%s is there %d times, or is not %s", pair[0], len(seen), pair[1])
			}
		}
	case "echo":
		_, err = fmt.Println(strings.Join(args, " "))
	case "cat":
		in := os.Stdin
		if len(args) > 0 {
			in, err = os.Open(args[0])
		}
		if err == nil {
			_, err = io.Copy(os.Stdout, in)
		}
	case "fetch":
		if err = os.WriteFile("fetched", nil, 0o600); err == nil {
			_, err = fmt.Print(os.Getenv("TOKEN"))
		}
	case "exit":
		fmt.Println("out")
		fmt.Fprintln(os.Stderr, "err")
		code, _ := strconv.Atoi(args[0])
		os.Exit(code)
	default:
		err = fmt.Errorf("no task is named %q", task)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
