package store

import (
	"bytes"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// filledIn sets everything there is in a value, each to something of its own. A kind that it
// does not know fails: then list.cache does not know it either.
func filledIn(t testing.TB, v reflect.Value, n *int) {
	t.Helper()
	*n++
	switch at := v.Addr().Interface().(type) {
	case *time.Time:
		*at = time.Date(2026, 11, 23, 1, 2, 3, *n, time.FixedZone("", 60**n))
		return
	case *connector.Date:
		*at = connector.DateOf(day.AddDate(0, 0, *n))
		return
	case *atlassian.Site:
		*at, _, _ = atlassian.ParseSite("acme")
		return
	case *connector.Product:
		*at = connector.Confluence
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(strings.Repeat("ä", *n%3) + " words " + strings.Repeat("x", *n))
	case reflect.Struct:
		for i := range v.NumField() {
			filledIn(t, v.Field(i), n)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		filledIn(t, v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 3, 3))
		for i := range 3 {
			filledIn(t, v.Index(i), n)
		}
	default:
		t.Fatalf("a field of a kind that nobody writes: %s", v.Type())
	}
}

func fullRow(t testing.TB) connector.Listed {
	t.Helper()
	var l connector.Listed
	n := 0
	filledIn(t, reflect.ValueOf(&l).Elem(), &n)
	l.ID = "b3a2c1d0-0000-4000-8000-000000000000"
	return l
}

func bareRow(t testing.TB) connector.Listed {
	t.Helper()
	return connector.Listed{Connector: connector.Connector{ID: "b3a2c1d0-0000-4000-8000-000000000001", Name: "a", Product: connector.Jira, Site: acmeJira(t, "").Site}}
}

// TestListKeepsEveryField: none that is added later can be left out.
func TestListKeepsEveryField(t *testing.T) {
	rows := []connector.Listed{fullRow(t), bareRow(t), fullRow(t)}
	as, of := stamp{1, 2, 1 << 63}, []byte("the file")
	data, ok := encodeList(rows, as, of)
	if !ok {
		t.Fatal("not written")
	}
	made, got, ok := decodeList(bytes.NewReader(data), int64(len(data)), bytes.NewReader(of))
	if !ok || made != as || !reflect.DeepEqual(got, rows) {
		t.Errorf("%v, %+v: %+v, want %+v", ok, made, got, rows)
	}
	if least, _ := encodeList([]connector.Listed{bareRow(t)}, as, nil); len(least)-len(listForm)-12-14 < shortest {
		t.Errorf("a row of %d bytes", len(least))
	}
}

// TestListDamaged: cut at every byte and a bit flipped in every byte, it is not read; nor is
// what is longer, or of another file.
func TestListDamaged(t *testing.T) {
	of := []byte("all of connectors.json")
	data, _ := encodeList([]connector.Listed{fullRow(t), bareRow(t)}, stamp{1, 2, 3}, of)
	read := func(data, of []byte) bool {
		_, _, ok := decodeList(bytes.NewReader(data), int64(len(data)), bytes.NewReader(of))
		return ok
	}
	if !read(data, of) {
		t.Fatal("the good one is not read")
	}
	for i := range data {
		cut := len(of) - (len(data) - i) // what is left of the copy
		if read(data[:i], of) || read(data[:i], of[:max(cut, 0)]) {
			t.Errorf("cut at %d of %d it is read", i, len(data))
		}
		bad := bytes.Clone(data)
		bad[i] ^= 1 << (i % 8)
		if read(bad, of) {
			t.Errorf("with byte %d changed it is read", i)
		}
	}
	for _, other := range []string{"", "all of connectors.jso", "all of connectors.json ", "All of connectors.json", strings.Repeat("x", 3*chunk)} {
		if read(data, []byte(other)) || read(append(bytes.Clone(data), ' '), append(bytes.Clone(of), ' ')) {
			t.Errorf("it is read for %.30q", other)
		}
	}
	if !equal(strings.NewReader("a"), strings.NewReader("a")) || equal(strings.NewReader("a"), io.MultiReader(strings.NewReader("a"), iotest.ErrReader(os.ErrPermission))) {
		t.Error("what can't be read to its end is taken for equal")
	}
	long := []byte(strings.Repeat("connectors ", chunk))
	data, _ = encodeList(nil, stamp{}, long)
	if !read(data, long) || read(data, long[:2*chunk]) || read(data, append(bytes.Clone(long), 'x')) {
		t.Error("what is longer than a chunk is not compared as it should be")
	}
}

// TestListShowable: what is written can be shown.
func TestListShowable(t *testing.T) {
	for text, want := range map[string]bool{
		"": true, "acme": true, "two  blanks and more of them": true, "Ünder, Söhne  & Co": true, "東京": true, "~": true,
		"\x1b[2J": false, "acme-acme-acme\x7f": false, "acmeacme\x1facmeacme": false, "acmeacme\nacmeacme": false, "\u009b2J": false, "a\u202eb": false,
		"\xff": false, "a\u200bb": false, "\t": false, "acmeacm\xe9acme": false,
	} {
		if showable(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
		row := bareRow(t)
		row.Account = text
		if _, ok := encodeList([]connector.Listed{row}, stamp{}, nil); ok != want {
			t.Errorf("%q written: %v", text, ok)
		}
	}
	for i := range 256 { // at every place of a word
		if text := strings.Repeat("a", i%23) + string([]byte{byte(i)}) + "aaaaaaaa"; showable(text) != (i >= ' ' && i <= '~') {
			t.Errorf("%q: %v", text, showable(text))
		}
	}
	// Nor is it believed that all is as it was written.
	row := bareRow(t)
	row.Name, row.Account = "acme-jira", "another"
	data, _ := encodeList([]connector.Listed{row}, stamp{}, nil)
	for _, text := range []string{"acme-jira", "another"} {
		good := string(data[rowsAt:])
		if _, ok := decodeRows(good); !ok {
			t.Error("what can be shown is not read")
		}
		if _, ok := decodeRows(strings.Replace(good, text, "\x1b[31m"+text[5:], 1)); ok {
			t.Errorf("escapes in the place of %s are read", text)
		}
	}
	row.Reference = &connector.Reference{Command: make([]string, mostWords+1)}
	if _, ok := encodeList([]connector.Listed{row}, stamp{}, nil); ok {
		t.Error("more words than are read")
	}
	row.Reference = nil
	row.TokenSince = time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC)
	if _, ok := encodeList([]connector.Listed{row}, stamp{}, nil); ok {
		t.Error("a moment that no file holds")
	}
}

// FuzzListCache: whatever stands there, it is read as rows that could be listed, which are
// written and read as the same; or not at all.
func FuzzListCache(f *testing.F) {
	for _, rows := range [][]connector.Listed{nil, {bareRow(f)}, {fullRow(f), bareRow(f), fullRow(f)}} {
		data, _ := encodeList(rows, stamp{1, 2, 3}, nil)
		f.Add(string(data[rowsAt:]))
	}
	f.Add(strings.Repeat("\xff", 80))
	f.Fuzz(func(t *testing.T, text string) {
		made, ok := decodeRows(text)
		if _, _, whole := decodeList(strings.NewReader(text), int64(len(text)), strings.NewReader("x")); whole && !strings.HasPrefix(text, listForm) {
			t.Fatal("read without its form")
		}
		if !ok {
			return
		}
		for _, l := range made.rows {
			if !isRef(l.ID) || l.Name == "" || l.Site.IsZero() || l.Product != connector.Jira && l.Product != connector.Confluence || !showable(l.Name+l.Email+l.Account+string(l.KeptIn)) {
				t.Fatalf("made up %+v", l)
			}
		}
		of := []byte("x")
		data, ok := encodeList(made.rows, made.as, of)
		as, again, read := decodeList(bytes.NewReader(data), int64(len(data)), bytes.NewReader(of))
		if !ok || !read || as != made.as || !reflect.DeepEqual(again, made.rows) {
			t.Fatalf("%v, %v: %+v, then %+v", ok, read, made.rows, again)
		}
	})
}
