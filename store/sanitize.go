package store

import (
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"

	"saasconnect/atlassian"
)

// cleanWords takes out of every text below a pointer what a terminal would obey or hide:
// what this program wrote holds nothing of the kind, so the file was edited. A text
// without it stays as it is, several blanks included. Fields that are not exported, as
// those of a site or a day, are left to their own way of reading.
func cleanWords(of any) { cleanValue(reflect.ValueOf(of)) }

func cleanValue(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		cleanValue(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			cleanValue(v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			cleanValue(v.Index(i))
		}
	case reflect.String:
		if text := v.String(); v.CanSet() && (!utf8.ValidString(text) || strings.ContainsFunc(text, notPrintable)) {
			v.SetString(atlassian.Clean(text, len(text)))
		}
	}
}

func notPrintable(r rune) bool { return !unicode.IsPrint(r) }
