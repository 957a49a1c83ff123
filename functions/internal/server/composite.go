package server

import (
	"strings"

	"google.golang.org/grpc/mem"
)

// undecoded is a request as it came. It can wait for its slot in a tenth of the memory.
type undecoded struct{ text string }

func (u *undecoded) read(data mem.BufferSlice) {
	var copied strings.Builder
	copied.Grow(data.Len())
	for _, b := range data {
		_, _ = copied.Write(b.ReadOnlyData())
	}
	u.text = copied.String()
}

// compositeOf is the uid of the composite that a request is for: metadata.uid of observed.composite.resource. Empty when it has none, and
// when the request is not in the plain form that encoders write.
func compositeOf(request string) string {
	d := &decoder{}
	composite := d.message(d.message(d.message(request, 2), 1), 1)
	uid := d.message(d.member(d.message(d.member(composite, "metadata"), 5), "uid"), 3)
	if d.bail {
		return ""
	}
	return strings.Clone(uid)
}

// message is the first field with a number.
func (d *decoder) message(s string, number uint64) string {
	for s != "" && !d.bail {
		var f field
		if f, s = d.field(s); f.tag == lenTag|number<<3 {
			return f.text
		}
	}
	return ""
}

// member is the value of a Struct under a key.
func (d *decoder) member(s, key string) string {
	for s != "" && !d.bail {
		var f field
		if f, s = d.field(s); f.tag != lenTag|1<<3 {
			continue
		}
		if name, value := d.entry(f.text); name == key {
			return value
		}
	}
	return ""
}
