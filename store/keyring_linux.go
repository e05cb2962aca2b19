package store

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/godbus/dbus/v5"

	"saasconnect/connector"
)

// The look at a Secret Service, which never prompts and never starts a bus: godbus would
// run dbus-launch where no address is known and leave a daemon behind for every process,
// so the address is resolved here and go-keyring is not called where there is none.
// Source: specifications.freedesktop.org/secret-service, "Collections and items".

const (
	secretsName   = "org.freedesktop.secrets"
	secretsPath   = dbus.ObjectPath("/org/freedesktop/secrets")
	secretsLogin  = dbus.ObjectPath("/org/freedesktop/secrets/collection/login")
	serviceIface  = "org.freedesktop.Secret.Service"
	collectionIfc = "org.freedesktop.Secret.Collection"
)

// busAddress is the session bus's address without autolaunch; "" where there is none.
// Where it was found in the runtime folder the variable is set, since go-keyring reads it.
func busAddress() string {
	if a := os.Getenv("DBUS_SESSION_BUS_ADDRESS"); a != "" {
		if strings.HasPrefix(a, "autolaunch:") || strings.HasPrefix(a, "disabled:") {
			return ""
		}
		return a
	}
	for _, dir := range []string{os.Getenv("XDG_RUNTIME_DIR"), "/run/user/" + strconv.Itoa(os.Getuid())} {
		socket := filepath.Join(dir, "bus")
		if info, err := os.Stat(socket); dir != "" && err == nil && info.Mode()&os.ModeSocket != 0 {
			address := "unix:path=" + socket
			if os.Setenv("DBUS_SESSION_BUS_ADDRESS", address) != nil {
				return ""
			}
			return address
		}
	}
	return ""
}

// lookAtKeyring is bounded by its context, also where a peer never answers.
func lookAtKeyring(ctx context.Context) (connector.SafeState, string) {
	address := busAddress()
	if address == "" {
		return connector.SafeAbsent, "this session has no D-Bus"
	}
	type look struct {
		state  connector.SafeState
		detail string
	}
	done := apart(func() look {
		state, detail := lookAt(ctx, address)
		return look{state, detail}
	})
	select {
	case get := <-done:
		l := get()
		if ctx.Err() != nil {
			return connector.SafeUnresponsive, "it did not answer in time"
		}
		return l.state, l.detail
	case <-ctx.Done():
		return connector.SafeUnresponsive, "it did not answer in time"
	}
}

func lookAt(ctx context.Context, address string) (connector.SafeState, string) {
	conn, err := dialBus(ctx, address)
	if err != nil {
		return connector.SafeAbsent, "the session's D-Bus does not answer"
	}
	defer conn.Close()
	if conn.Auth(nil) != nil || conn.Hello() != nil {
		return connector.SafeAbsent, "the session's D-Bus does not answer"
	}
	if !offered(ctx, conn) {
		return connector.SafeAbsent, "this session has no Secret Service"
	}
	collection, err := defaultCollection(ctx, conn)
	switch {
	case err != nil:
		return connector.SafeBroken, "the session's Secret Service does not work"
	case collection == "" || collection == "/":
		return connector.SafeAbsent, "no keyring has been made in it yet"
	}
	var locked dbus.Variant
	err = conn.Object(secretsName, collection).
		CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0, collectionIfc, "Locked").Store(&locked)
	isLocked, ok := locked.Value().(bool)
	switch {
	case ctx.Err() != nil:
		return connector.SafeUnresponsive, "it did not answer in time"
	case err != nil || !ok:
		return connector.SafeBroken, "it does not say whether it is locked"
	case isLocked:
		return connector.SafeLocked, "it is locked"
	}
	return connector.SafeReady, ""
}

// dialBus connects to a bus. It opens Unix sockets itself: godbus's own reader of them gives
// -1 for a read that failed, on which a buffer panics in a goroutine of godbus's as soon as
// the connection is closed, or reset, in the middle of a message (transport_unix.go of
// 5.2.4, oobReader.Read). Its reader of any other stream does not.
func dialBus(ctx context.Context, address string) (*dbus.Conn, error) {
	for one := range strings.SplitSeq(address, ";") {
		keys, isUnix := strings.CutPrefix(one, "unix:")
		if !isUnix {
			continue
		}
		for pair := range strings.SplitSeq(keys, ",") {
			key, value, _ := strings.Cut(pair, "=")
			name, err := dbus.UnescapeBusAddressValue(value)
			if err != nil || key != "path" && key != "abstract" {
				continue
			}
			if key == "abstract" {
				name = "@" + name
			}
			if socket, err := new(net.Dialer).DialContext(ctx, "unix", name); err == nil {
				return dbus.NewConn(socket, dbus.WithContext(ctx))
			}
		}
	}
	return dbus.Dial(address, dbus.WithContext(ctx))
}

// offered: somebody owns the name, or the bus can start somebody who will.
func offered(ctx context.Context, conn *dbus.Conn) bool {
	var owned bool
	if conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.NameHasOwner", 0, secretsName).Store(&owned) == nil && owned {
		return true
	}
	var names []string
	if conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.ListActivatableNames", 0).Store(&names) != nil {
		return false
	}
	return slices.Contains(names, secretsName)
}

// defaultCollection is the one go-keyring uses: login where it is listed, else the one
// with the alias; "" or "/" where there is none. An odd answer is an error: go-keyring
// takes the list's type for granted and would panic.
func defaultCollection(ctx context.Context, conn *dbus.Conn) (dbus.ObjectPath, error) {
	service := conn.Object(secretsName, secretsPath)
	var listed dbus.Variant
	err := service.CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0, serviceIface, "Collections").Store(&listed)
	if err != nil {
		return "", err
	}
	paths, ok := listed.Value().([]dbus.ObjectPath)
	if !ok {
		return "", errors.New("the list of collections is of an odd type")
	}
	if slices.Contains(paths, secretsLogin) {
		return secretsLogin, nil
	}
	var alias dbus.ObjectPath
	err = service.CallWithContext(ctx, serviceIface+".ReadAlias", 0, "default").Store(&alias)
	return alias, err
}
