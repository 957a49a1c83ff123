package realaws

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/instance"
)

// ErrFailed ends a run that has said what failed.
var ErrFailed = errors.New("the real provider and what we compose do not agree")

// Story is a run: stages one after the other, each of which says what it found.
type Story struct {
	*Stack

	out      io.Writer
	failures []string
	unplayed []string

	mu      sync.Mutex // figures come from changes that are played at the same time
	figures []string
}

// stage is one part of the story. What is wrong but leaves the rest worth playing is noted with fail.
type stage struct {
	title string
	play  func(context.Context) error
}

// Run plays the story on a control plane that plays no AWS, and prints what came of it. Only names the stages to play; all when it is
// empty.
func Run(ctx context.Context, i *instance.Instance, only []string, out io.Writer) error {
	stack, err := Start(ctx, i)
	if stack != nil {
		defer stack.Wire.Close() //nolint:errcheck // The run is over.
	}
	if err != nil {
		return err
	}
	s := &Story{Stack: stack, out: out}
	for _, stage := range s.stages() {
		if len(only) > 0 && !begun(only, stage.title) {
			s.unplayed = append(s.unplayed, stage.title)
			continue
		}
		start := time.Now()
		err := stage.play(ctx)
		s.say("  %6.1f s  %s", time.Since(start).Seconds(), stage.title)
		if err != nil {
			s.fail("%s: %v", stage.title, err)
		}
		if ctx.Err() != nil {
			break
		}
	}
	return s.report()
}

func (s *Story) say(format string, args ...any) { _, _ = fmt.Fprintf(s.out, format+"\n", args...) }

// fail notes what is wrong and goes on: every stage is worth its own answer.
func (s *Story) fail(format string, args ...any) {
	words := fmt.Sprintf(format, args...)
	s.failures = append(s.failures, words)
	s.say("           FAILED %s", strings.ReplaceAll(words, "\n", "\n           "))
}

// figure notes a number for the table.
func (s *Story) figure(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.figures = append(s.figures, fmt.Sprintf(format, args...))
}

func (s *Story) report() error {
	s.say("")
	for _, f := range s.figures {
		s.say("  %s", f)
	}
	if len(s.unplayed) > 0 {
		s.say("\nNot played:")
		for _, title := range s.unplayed {
			s.say("  - %s", title)
		}
	}
	s.say("\nWhat the provider cannot do:")
	for _, l := range limits() {
		s.say("  - %s", l)
	}
	s.say("\nWhat the server lacks, and the proxy answers in its place or nobody does:")
	for _, l := range lacks() {
		s.say("  - %s", l)
	}
	if len(s.failures) > 0 {
		s.say("\n%d FAILED:", len(s.failures))
		for _, f := range s.failures {
			s.say("  - %s", strings.SplitN(f, "\n", 2)[0])
		}
		s.say("every call that changes something is in %s", s.Instance.Path("logs", "wire.jsonl"))
		return fmt.Errorf("%w: %d assertions failed", ErrFailed, len(s.failures))
	}
	return nil
}

// begun says that a title begins like one of those that are asked for.
func begun(only []string, title string) bool {
	return slices.ContainsFunc(only, func(o string) bool { return strings.HasPrefix(title, o) })
}

// limits are of the provider, and nothing that is composed can mend them.
func limits() []string {
	return []string{
		"find again what it was creating when it ended, where AWS assigns the name and the creation runs in the background (an interface" +
			" endpoint, an address, a NAT gateway): the name is in its memory alone until it is written down, and it creates a second one. So the" +
			" restart in the middle waits for the names of what AWS names, and comes while databases are made",
	}
}

// lacks is what moto 5.2.1 lacks of what our kinds need.
func lacks() []string {
	return []string{
		"eks: Pod Identity associations (the proxy keeps them), the certificate of a cluster's authority (the proxy gives one in PEM)",
		"rds: resource ids of instances, IOPS and throughput of gp3, Performance Insights, source of parameters, network type, lifecycle" +
			" support, certificates of instances, licences, default option groups and that they follow the version, minor versions (the" +
			" proxy answers)",
		"rds: refusals of IOPS, of option groups of another major version, and to delete what a database has (the proxy refuses); static" +
			" parameters, storage that shrinks or grows by too little, modifications while one is under way, maintenance windows (nobody refuses" +
			" or waits)",
		"rds: databases that take time: all is available at once, and no final snapshot, log group or event is made",
		"ec2: descriptions on rules that name a group; that a VPC in use is not deleted",
		"iam, kms: policies are kept, not judged",
	}
}
