package disk

import (
	"errors"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// What Windows answers, by its numbers: package syscall names few of them.
// Source: learn.microsoft.com/windows/win32/debug/system-error-codes--0-499- and
// --1000-1299-.
const (
	errorWriteProtect      = syscall.Errno(19)
	errorSharingViolation  = syscall.Errno(32)
	errorLockViolation     = syscall.Errno(33)
	errorHandleDiskFull    = syscall.Errno(39)
	errorDiskFull          = syscall.Errno(112)
	errorDirectory         = syscall.Errno(267)
	errorDiskQuotaExceeded = syscall.Errno(1295)
)

// mayPass reports whether an error may be of another program that has the file open for a moment. A
// file that is about to vanish answers ERROR_ACCESS_DENIED, and so does one that is really protected.
func mayPass(err error) bool {
	return IsSharingViolation(err) || errors.Is(err, syscall.ERROR_ACCESS_DENIED)
}

// IsSharingViolation reports whether another program has the file open.
func IsSharingViolation(err error) bool {
	return isAny(err, []error{errorSharingViolation, errorLockViolation})
}

// isOpenElsewhere reports whether an error came from another program that has the file open. What is
// renamed over answers ERROR_ACCESS_DENIED for that too; opening it in order to delete it, which
// changes nothing, tells.
// Source: learn.microsoft.com/windows/win32/fileio/creating-and-opening-files.
func isOpenElsewhere(path string, err error) bool {
	if IsSharingViolation(err) || !errors.Is(err, syscall.ERROR_ACCESS_DENIED) {
		return IsSharingViolation(err)
	}
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return false
	}
	const all = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE
	file, err := windows.CreateFile(name, windows.DELETE, all, nil, windows.OPEN_EXISTING, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if err == nil {
		_ = windows.CloseHandle(file)
	}
	return IsSharingViolation(err)
}

// Package syscall has the names of Unix on Windows too, as numbers of its own: a file system
// written in Go may answer with them.

// fullErrors are what a full disk answers.
func fullErrors() []error {
	return []error{errorDiskFull, errorHandleDiskFull, errorDiskQuotaExceeded, syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG}
}

// readOnlyErrors are what a protected disk answers.
func readOnlyErrors() []error { return []error{errorWriteProtect, syscall.EROFS} }

// notFolderErrors are what a path answers that has a file where a folder should be. syscall.ENOTDIR
// is not among them: on Windows that is ERROR_PATH_NOT_FOUND, of a path that isn't there.
func notFolderErrors() []error { return []error{ErrNotFolder, errorDirectory} }

// isAway reports whether a network share can't be reached, or a drive has no disk.
func isAway(err error) bool {
	return isAny(err, []error{
		windows.ERROR_BAD_NETPATH, windows.ERROR_BAD_NET_NAME, windows.ERROR_NETNAME_DELETED, windows.ERROR_NETWORK_UNREACHABLE,
		windows.ERROR_HOST_UNREACHABLE, windows.ERROR_NOT_READY, windows.ERROR_INVALID_DRIVE,
	})
}

const (
	// refusesOthersWrite is false: Windows lets all users of the computer change what is in the
	// folders of every drive but the system's, and earlier versions made --home there.
	refusesOthersWrite = false
	// PrivateWords say how a file is private, at the end of a sentence.
	PrivateWords = "readable only by you"
	ownRemedy    = "Take ownership of it (takeown /F), or use another folder with --home"
)

// AccessOf is the access to what stands at a path, by its owner and its access list. Where neither
// can be read, as on file systems that have none, nothing speaks against it.
// Source: learn.microsoft.com/windows/win32/secauthz/access-control-lists.
func AccessOf(path string, info fs.FileInfo) Access {
	if info == nil {
		return Access{}
	}
	a := Access{Mine: true, Owned: true, Key: true}
	sd, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION|windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return a
	}
	if owner, _, err := sd.Owner(); err == nil && owner != nil {
		a.Mine = isMine(owner)
		a.Owned = a.Mine
	}
	list, _, err := sd.DACL()
	a.OthersRead, a.OthersWrite = othersMay(list, err)
	a.Key = a.Mine && a.Private()
	return a
}

// isMine reports whether an owner is the user that this program runs as, or the administrators or the
// system, as whom an elevated program creates files: no other user can give them any.
func isMine(owner *windows.SID) bool {
	me, err := windows.GetCurrentProcessToken().GetTokenUser()
	return err != nil || owner.Equals(me.User.Sid) ||
		owner.IsWellKnown(windows.WinBuiltinAdministratorsSid) || owner.IsWellKnown(windows.WinLocalSystemSid)
}

// What an access list grants that lets read a file (or list a folder), and write one (or put files
// into a folder). Source: learn.microsoft.com/windows/win32/fileio/file-access-rights-constants.
const (
	readRights  = windows.FILE_READ_DATA | windows.GENERIC_READ | windows.GENERIC_ALL
	writeRights = windows.FILE_WRITE_DATA | windows.FILE_APPEND_DATA | windows.GENERIC_WRITE | windows.GENERIC_ALL | windows.WRITE_DAC | windows.WRITE_OWNER
)

// othersMay reports what an access list lets everyone on this computer or network do. It counts what is
// granted and no denial, so it may say too much and never too little. Without a list everything is
// granted.
func othersMay(list *windows.ACL, err error) (read, write bool) {
	if errors.Is(err, windows.ERROR_OBJECT_NOT_FOUND) || err == nil && list == nil {
		return true, true
	}
	if err != nil {
		return false, false
	}
	everyone := []windows.WELL_KNOWN_SID_TYPE{
		windows.WinWorldSid, windows.WinAuthenticatedUserSid, windows.WinBuiltinUsersSid, windows.WinBuiltinGuestsSid,
		windows.WinAnonymousSid, windows.WinInteractiveSid, windows.WinNetworkSid, windows.WinAccountDomainUsersSid, windows.WinAccountGuestSid,
	}
	for i := range uint32(list.AceCount) {
		var ace *windows.ACCESS_ALLOWED_ACE
		if windows.GetAce(list, i, &ace) != nil || ace.Header.AceType != windows.ACCESS_ALLOWED_ACE_TYPE || ace.Header.AceFlags&windows.INHERIT_ONLY_ACE != 0 {
			continue
		}
		who := (*windows.SID)(unsafe.Pointer(&ace.SidStart))
		if slices.ContainsFunc(everyone, who.IsWellKnown) {
			read, write = read || ace.Mask&readRights != 0, write || ace.Mask&writeRights != 0
		}
	}
	return read, write
}

// makePrivate makes a folder for the user, the system and its administrators, as those in a user's
// profile are, and those above it as Windows makes them.
// Source: learn.microsoft.com/windows/win32/secauthz/security-descriptor-string-format.
func makePrivate(dir string) error {
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return err
	}
	me, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return os.Mkdir(dir, 0o700)
	}
	sd, err := windows.SecurityDescriptorFromString("D:P(A;OICI;FA;;;" + me.User.Sid.String() + ")(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)")
	if err != nil {
		return os.Mkdir(dir, 0o700)
	}
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return err
	}
	err = windows.CreateDirectory(name, &windows.SecurityAttributes{Length: uint32(unsafe.Sizeof(windows.SecurityAttributes{})), SecurityDescriptor: sd})
	if errors.Is(err, fs.ErrExist) { // another process was faster
		return nil
	}
	return err
}

// OwnCommand is the command after which no one else may write in a folder.
func OwnCommand(dir string) string { return PrivateCommand(dir, true) }

// PrivateCommand is the command that takes a file or folder away from everyone else, for cmd.exe and
// PowerShell alike.
// Source: learn.microsoft.com/windows-server/administration/windows-commands/icacls.
func PrivateCommand(path string, folder bool) string {
	rights := "F"
	if folder {
		rights = "(OI)(CI)F"
	}
	name := "%USERNAME%"
	if me, err := user.Current(); err == nil {
		name = me.Username
	}
	return `icacls "` + path + `" /inheritance:r /grant:r "` + name + ":" + rights + `"`
}
