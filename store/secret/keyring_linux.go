package secret

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/godbus/dbus/v5"
	gokeyring "github.com/zalando/go-keyring"
	ss "github.com/zalando/go-keyring/secret_service"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// The look at a Secret Service, which never prompts and never starts a bus: godbus would
// run dbus-launch where no address is known and leave a daemon behind for every process,
// so the address is resolved here and go-keyring is not called where there is none.
// Source: specifications.freedesktop.org/secret-service, "Collections and items".

const (
	secretsName  = "org.freedesktop.secrets"
	secretsPath  = dbus.ObjectPath("/org/freedesktop/secrets")
	secretsLogin = dbus.ObjectPath("/org/freedesktop/secrets/collection/login")
	// secretsSession is gnome-keyring's own, which it always has and never stores on disk: it
	// is forgotten at the logout (gnome-keyring, daemon/dbus/gkd-secret-service.c).
	secretsSession = dbus.ObjectPath("/org/freedesktop/secrets/collection/session")
	serviceIface   = "org.freedesktop.Secret.Service"
	collectionIfc  = "org.freedesktop.Secret.Collection"
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
func lookAtKeyring(ctx context.Context) condition {
	address := busAddress()
	if address == "" {
		return absent("this session has no D-Bus")
	}
	unanswered := condition{state: connector.StorageUnresponsive, detail: "it did not answer in time"}
	done := atlassian.Apart(func() condition { return lookAt(ctx, address) })
	select {
	case get := <-done:
		found := get()
		if ctx.Err() != nil {
			return unanswered
		}
		return found
	case <-ctx.Done():
		return unanswered
	}
}

func absent(detail string) condition {
	return condition{state: connector.StorageAbsent, detail: detail}
}

func broken(detail string) condition {
	return condition{state: connector.StorageBroken, detail: detail}
}

func lookAt(ctx context.Context, address string) condition {
	conn, err := dialBus(ctx, address)
	if err != nil {
		return absent("the session's D-Bus does not answer")
	}
	defer conn.Close()
	if conn.Auth(nil) != nil || conn.Hello() != nil {
		return absent("the session's D-Bus does not answer")
	}
	if !hasSecretService(ctx, conn) {
		return absent("this session has no Secret Service")
	}
	listed, alias, err := collections(ctx, conn)
	if err != nil {
		return broken("the session's Secret Service does not work")
	}
	path, found := chooseCollection(listed, alias)
	if path == "" {
		return found
	}
	var locked dbus.Variant
	err = conn.Object(secretsName, path).
		CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0, collectionIfc, "Locked").Store(&locked)
	isLocked, ok := locked.Value().(bool)
	switch {
	case err != nil || !ok:
		return broken("it doesn't report whether it is locked")
	case isLocked:
		found.state, found.detail = connector.StorageLocked, "it is locked"
	}
	return found
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

// hasSecretService reports whether a service owns its name on the bus, or the bus can start one
// that will.
func hasSecretService(ctx context.Context, conn *dbus.Conn) bool {
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

// collections are those that are listed, and the one with the alias "default", "/" where none
// has it. An odd answer is an error: go-keyring takes the list's type for granted and would
// panic.
func collections(ctx context.Context, conn *dbus.Conn) (listed []dbus.ObjectPath, alias dbus.ObjectPath, err error) {
	secrets := conn.Object(secretsName, secretsPath)
	var property dbus.Variant
	err = secrets.CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0, serviceIface, "Collections").Store(&property)
	if err != nil {
		return nil, "", err
	}
	listed, ok := property.Value().([]dbus.ObjectPath)
	if !ok {
		return nil, "", errors.New("the list of collections has an unexpected type")
	}
	if slices.Contains(listed, secretsLogin) {
		return listed, "", nil // go-keyring does not ask further, either
	}
	err = secrets.CallWithContext(ctx, serviceIface+".ReadAlias", 0, "default").Store(&alias)
	return listed, alias, err
}

// chooseCollection returns the collection to use and its condition, as if it were unlocked; ""
// and why there is none. Login where it is listed, and else the one with the alias, are what
// go-keyring uses; where there is neither, another one that is alone is used. KeePassXC has no
// login, and gives the alias to the database whose tab is in front, so to none where that one
// is not exposed. Source: keepassxc, src/fdosecrets/objects/Service.cpp, ensureDefaultAlias.
func chooseCollection(listed []dbus.ObjectPath, alias dbus.ObjectPath) (dbus.ObjectPath, condition) {
	if slices.Contains(listed, secretsLogin) {
		return secretsLogin, condition{state: connector.StorageReady}
	}
	if alias != "" && alias != "/" && alias != secretsSession {
		return alias, condition{state: connector.StorageReady}
	}
	var kept []dbus.ObjectPath
	for _, path := range listed {
		if path != secretsSession {
			kept = append(kept, path)
		}
	}
	switch len(kept) {
	case 0:
		none := absent("it runs, but has no keyring yet")
		none.remedy = "Create the " + keyringLogin
		if !slices.Contains(listed, secretsSession) { // it may be another than gnome-keyring
			none.remedy = exposeGroup + ", or in gnome-keyring create the " + keyringLogin
		}
		return "", none
	case 1:
		return kept[0], condition{state: connector.StorageReady, collection: string(kept[0])}
	}
	several := absent(fmt.Sprintf("it has %d keyrings, and none of them is the default one", len(kept)))
	several.remedy = chooseDefault
	return "", several
}

// What makes a collection that can be used. gnome-keyring-daemon --unlock reads a password up
// to the end of its input, a line's end included, creates "login" with it and makes it the
// default; without --replace the daemon that runs does not see it. Tried with 42.1.
const (
	keyringLogin = `keyring "login": in Passwords and Keys choose + > Password keyring, name it Login and set it as default; or run this in bash and type a new password: ` +
		"`(read -rs P; printf %s \"$P\") | gnome-keyring-daemon --replace --unlock`"
	exposeGroup   = "Expose a group in KeePassXC (Database Settings > Secret Service Integration)"
	chooseDefault = "Choose the default keyring: in Passwords and Keys right-click it and choose Set as default; in KeePassXC bring the tab of its database to the front"
)

// The three calls. Where the look names a collection they are made in it as go-keyring makes
// them in its own, with the same attributes. Source: keyring_unix.go of go-keyring 0.2.8.

func setItem(collection, ref, value string) error {
	if collection == "" {
		return gokeyring.Set(service, ref, value)
	}
	return inSession(func(svc *ss.SecretService, session dbus.ObjectPath) error {
		path := dbus.ObjectPath(collection)
		if err := svc.Unlock(path); err != nil {
			return err
		}
		label := fmt.Sprintf("Password for '%s' on '%s'", ref, service)
		return svc.CreateItem(svc.Object(secretsName, path), label, attributes(ref), ss.NewSecret(session, value))
	})
}

func getItem(collection, ref string) (value string, err error) {
	if collection == "" {
		return gokeyring.Get(service, ref)
	}
	err = inSession(func(svc *ss.SecretService, session dbus.ObjectPath) error {
		item, err := findItem(svc, collection, ref)
		if err != nil {
			return err
		}
		if err := svc.Unlock(item); err != nil { // an item can be locked by itself
			return err
		}
		secret, err := svc.GetSecret(item, session)
		if err != nil {
			return err
		}
		value = string(secret.Value)
		return nil
	})
	return value, err
}

func deleteItem(collection, ref string) error {
	if collection == "" {
		return gokeyring.Delete(service, ref)
	}
	return inSession(func(svc *ss.SecretService, _ dbus.ObjectPath) error {
		item, err := findItem(svc, collection, ref)
		if err != nil {
			return err
		}
		return svc.Delete(item)
	})
}

// inSession does something in a session of the Secret Service.
func inSession(do func(svc *ss.SecretService, session dbus.ObjectPath) error) error {
	svc, err := ss.NewSecretService()
	if err != nil {
		return err
	}
	session, err := svc.OpenSession()
	if err != nil {
		return err
	}
	defer func() { _ = svc.Close(session) }() // it ends with the connection, too
	return do(svc, session.Path())
}

func findItem(svc *ss.SecretService, collection, ref string) (dbus.ObjectPath, error) {
	path := dbus.ObjectPath(collection)
	if err := svc.Unlock(path); err != nil {
		return "", err
	}
	found, err := svc.SearchItems(svc.Object(secretsName, path), attributes(ref))
	switch {
	case err != nil:
		return "", err
	case len(found) == 0:
		return "", gokeyring.ErrNotFound
	}
	return found[0], nil
}

func attributes(ref string) map[string]string {
	return map[string]string{"username": ref, "service": service}
}
