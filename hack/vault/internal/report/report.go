// Package report prints what each credential could and could not do, and remembers what was not as it has to be.
package report

import (
	"fmt"
	"io"
	"strings"
	"sync"
)

// Report is what was tried. It may be written to by several goroutines.
type Report struct {
	out io.Writer

	mu     sync.Mutex
	tried  int
	failed []string
}

// New prints to out.
func New(out io.Writer) *Report { return &Report{out: out} }

// Section begins a new group of attempts.
func (r *Report) Section(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fmt.Fprintf(r.out, "\n== "+format+"\n", args...)
}

// Note prints what is no attempt.
func (r *Report) Note(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fmt.Fprintf(r.out, "  "+format+"\n", args...)
}

// Can expects that an attempt succeeded.
func (r *Report) Can(who, what string, err error) {
	if err == nil {
		r.line(true, who, "can", what, "")
		return
	}
	r.line(false, who, "CANNOT", what, err.Error())
}

// Cannot expects that an attempt was refused, and that the refusal says one of the words: an attempt that fails for another
// reason proves nothing.
func (r *Report) Cannot(who, what string, err error, words ...string) {
	if err == nil {
		r.line(false, who, "CAN", what, "")
		return
	}
	for _, word := range words {
		if strings.Contains(strings.ToLower(err.Error()), strings.ToLower(word)) {
			r.line(true, who, "cannot", what, err.Error())
			return
		}
	}
	r.line(false, who, "fails for another reason to", what, err.Error())
}

// Is expects that two values are equal.
func (r *Report) Is(what, want, got string) {
	if want == got {
		r.line(true, what, "is", got, "")
		return
	}
	r.line(false, what, "IS", got, "want "+want)
}

func (r *Report) line(ok bool, who, verb, what, why string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	mark := "ok  "
	text := who + " " + verb + " " + what
	if why != "" {
		text += ": " + strings.Join(strings.Fields(why), " ")
	}
	r.tried++
	if !ok {
		mark = "FAIL"
		r.failed = append(r.failed, text)
	}
	fmt.Fprintf(r.out, "  %s %s\n", mark, text)
}

// Err is nil when everything was as it has to be, and something was tried.
func (r *Report) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case len(r.failed) > 0:
		return fmt.Errorf("%d of %d attempts did not end as they have to:\n  %s", len(r.failed), r.tried, strings.Join(r.failed, "\n  "))
	case r.tried == 0:
		return fmt.Errorf("nothing was tried")
	}
	return nil
}

// Tried is how many attempts there were.
func (r *Report) Tried() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tried
}
