package server

import (
	"unicode/utf8"
)

// Wire types, as they stand in the low three bits of a tag.
const (
	varintTag  = 0
	fixed64Tag = 1
	lenTag     = 2
)

// field is one field as it stands on the wire: text for the wire type lenTag, number for the other two.
type field struct {
	tag    uint64
	text   string
	number uint64
}

// field cuts the first field off. Malformed input and other wire types set bail.
func (d *decoder) field(s string) (field, string) {
	var f field
	f.tag, s = d.varint(s)
	switch f.tag & 7 {
	case lenTag:
		var n uint64
		if n, s = d.varint(s); n > uint64(len(s)) {
			break
		}
		f.text = s[:n]
		return f, s[n:]
	case varintTag:
		f.number, s = d.varint(s)
		return f, s
	case fixed64Tag:
		if len(s) < 8 {
			break
		}
		for i := range 8 {
			f.number |= uint64(s[i]) << (8 * i)
		}
		return f, s[8:]
	}
	d.bail = true
	return field{}, ""
}

// varint reads up to nine bytes; the tenth is only there for negative numbers, which the library handles.
func (d *decoder) varint(s string) (uint64, string) {
	if s != "" && s[0] < 0x80 {
		return uint64(s[0]), s[1:]
	}
	var v uint64
	for i := 0; i < len(s) && i < 9; i++ {
		v |= uint64(s[i]&0x7f) << (7 * i)
		if s[i] < 0x80 {
			return v, s[i+1:]
		}
	}
	d.bail = true
	return 0, ""
}

// entry is one entry of a map with string keys: key is field 1, value (a message or bytes) is field 2. One that comes twice is
// left to the library, which looks at both.
func (d *decoder) entry(s string) (key, value string) {
	var named, seen bool
	for s != "" && !d.bail {
		var f field
		f, s = d.field(s)
		switch {
		case f.tag == lenTag|1<<3 && !named:
			key, named = f.text, true
		case f.tag == lenTag|2<<3 && !seen:
			value, seen = f.text, true
		default:
			d.bail = true
		}
	}
	d.bail = d.bail || !utf8.ValidString(key)
	return key, value
}

// count says how many fields with the tag follow one another, to size a map or list at once. It is only a hint.
func count(s string, tag uint64) int {
	var d decoder
	n := 0
	for s != "" {
		var f field
		if f, s = d.field(s); d.bail || f.tag != tag {
			break
		}
		n++
	}
	return n
}
