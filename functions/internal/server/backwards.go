package server

import (
	"encoding/binary"
	"errors"
	"slices"
	"sync"
	"unicode/utf8"

	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
)

const (
	minBufferBytes = 16 << 10
	// maxPooledBytes keeps one huge response from pinning its buffer for ever.
	maxPooledBytes = 1 << 20
)

var errUTF8 = errors.New("a string is not valid UTF-8")

// encoder writes a message from its end to its start, because then the length of every part is known when its prefix
// is due: one pass, no sizes computed beforehand. Fields are written in descending order, keys likewise.
type encoder struct {
	buf  []byte
	pos  int // what is written is buf[pos:]
	keys []string
}

// The pools are process-wide by nature: they hold spare memory, no state.
var (
	encoders = sync.Pool{New: func() any { return new(encoder) }} //nolint:gochecknoglobals // see above
	buffers  = &bufferPool{}                                      //nolint:gochecknoglobals // see above
)

func newEncoder() *encoder {
	e := encoders.Get().(*encoder) //nolint:forcetypeassert // The pool holds nothing else.
	e.buf = *buffers.Get(minBufferBytes)
	e.pos = len(e.buf)
	return e
}

// result hands the buffer on; gRPC returns it to the pool once it is sent.
func (e *encoder) result() mem.BufferSlice {
	buf := e.buf
	head, tail := mem.SplitUnsafe(mem.NewBuffer(&buf, buffers), e.pos)
	head.Free()
	return mem.BufferSlice{tail}
}

// release forgets the keys, which share memory with the request.
func (e *encoder) release() {
	clear(e.keys[:cap(e.keys)])
	e.buf, e.pos, e.keys = nil, 0, e.keys[:0]
	encoders.Put(e)
}

// written is a position that stays valid when the buffer grows.
func (e *encoder) written() int { return len(e.buf) - e.pos }

// room makes place for n more bytes in front.
func (e *encoder) room(n int) {
	if e.pos >= n {
		return
	}
	old, tail := e.buf, e.buf[e.pos:]
	e.buf = *buffers.Get(max(2*len(old), len(tail)+n))
	e.pos = len(e.buf) - len(tail)
	copy(e.buf[e.pos:], tail)
	buffers.Put(&old)
}

func (e *encoder) varint(v uint64) {
	n := protowire.SizeVarint(v)
	e.room(n)
	e.pos -= n
	b := e.buf[e.pos:]
	for i := range n - 1 {
		b[i] = byte(v) | 0x80
		v >>= 7
	}
	b[n-1] = byte(v)
}

func (e *encoder) tag(field protowire.Number, t protowire.Type) {
	e.varint(protowire.EncodeTag(field, t))
}

func (e *encoder) fixed64(v uint64) {
	e.room(8)
	e.pos -= 8
	binary.LittleEndian.PutUint64(e.buf[e.pos:], v)
}

func (e *encoder) raw(b []byte) {
	e.room(len(b))
	e.pos -= len(b)
	copy(e.buf[e.pos:], b)
}

func (e *encoder) string(field protowire.Number, s string) error {
	if !utf8.ValidString(s) {
		return errUTF8
	}
	e.room(len(s))
	e.pos -= len(s)
	copy(e.buf[e.pos:], s)
	e.varint(uint64(len(s)))
	e.tag(field, protowire.BytesType)
	return nil
}

// prefix puts tag and length in front of what was written since start.
func (e *encoder) prefix(field protowire.Number, start int) {
	e.varint(uint64(e.written() - start)) //nolint:gosec // Never negative.
	e.tag(field, protowire.BytesType)
}

// sortedKeys uses e.keys as a stack, so that no level of nesting allocates; the caller cuts it back.
func sortedKeys[V any](e *encoder, m map[string]V) []string {
	first := len(e.keys)
	for k := range m {
		e.keys = append(e.keys, k)
	}
	keys := e.keys[first:]
	slices.Sort(keys)
	return keys
}

// bufferPool keeps buffers at the size they once grew to. gRPC's own pool goes from 32 KiB straight to 1 MiB, much more
// than a usual response needs.
type bufferPool struct{ pool sync.Pool }

var _ mem.BufferPool = (*bufferPool)(nil)

// Get returns a buffer of at least the given length; longer when the pool has such a one.
func (p *bufferPool) Get(length int) *[]byte {
	if b, ok := p.pool.Get().(*[]byte); ok && cap(*b) >= length {
		*b = (*b)[:cap(*b)]
		return b
	}
	b := make([]byte, max(length, minBufferBytes))
	return &b
}

// Put takes a buffer back.
func (p *bufferPool) Put(b *[]byte) {
	if cap(*b) <= maxPooledBytes {
		p.pool.Put(b)
	}
}
