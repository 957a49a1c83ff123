package iam

import (
	"fmt"
	"strings"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/health"
)

// expire drops everything with the preview environment. The service itself says so in the condition.
func (s *service) expire() {
	s.plan.Waiting = true
	for _, name := range s.in.Observed.Names(prefix) {
		s.plan.Drop(name, pipelinev1.DropEnvironmentExpired, "the preview environment "+s.env.Name+" has expired")
	}
}

// condition adds what became of the grants to what the service says of its access. What the service itself lacks comes first.
func (s *service) condition() {
	said := s.wiring.AccessReady
	asked := s.names(func(h *holder) bool { return len(h.grants) > 0 })
	pending := s.pending()
	s.plan.Waiting = len(pending) > 0
	switch {
	case said != nil && (asked == "" || conditions.Status(said.Status) != conditions.True):
		s.repeat()
	case len(pending) > 0:
		messages := make([]string, 0, len(pending))
		for _, p := range pending {
			messages = append(messages, p.message)
		}
		s.plan.Set(v1.ConditionAccessReady, conditions.False, pending[0].reason, strings.Join(messages, ". "))
	case asked != "":
		message := "IAM login is granted to " + asked
		reason := conditions.Available
		if said != nil {
			reason = conditions.Reason(said.Reason)
			if said.Message != "" {
				message = said.Message + ". " + message
			}
		}
		s.plan.Set(v1.ConditionAccessReady, conditions.True, reason, message)
	case len(s.plan.Drops) > 0:
		// Nobody else answers the condition: it would go on to tell of what is no longer granted.
		s.plan.Set(v1.ConditionAccessReady, conditions.True, conditions.NotUsed, "nothing is granted in IAM any more")
	}
}

// repeat says of the access what the service says.
func (s *service) repeat() {
	if s.wiring == nil || s.wiring.AccessReady == nil {
		return
	}
	said := s.wiring.AccessReady
	s.plan.Set(v1.ConditionAccessReady, conditions.Status(said.Status), conditions.Reason(said.Reason), said.Message)
}

// problem is why a grant is not in place.
type problem struct {
	reason  conditions.Reason
	message string
}

// pending is all that keeps grants from being in place. The first one gives the reason.
func (s *service) pending() []problem {
	var found []problem
	add := func(reason conditions.Reason, of func(*holder) bool, before, after string) {
		if names := s.names(func(h *holder) bool { return len(h.grants) > 0 && of(h) }); names != "" {
			found = append(found, problem{reason, before + names + after})
		}
	}
	environment := "Environment " + s.env.Namespace + "/" + s.env.Name
	add(conditions.IdentityUnknown, func(h *holder) bool { return h.unknown() && !h.kept },
		"status.identities of "+environment+" has no IAM role for ", ": nothing is granted there. "+s.remedy())
	add(conditions.IdentityUnknown, func(h *holder) bool { return h.unknown() && h.kept },
		"status.identities of "+environment+" has no IAM role any more for ", ": what is granted there stays as it is. "+s.remedy())
	for _, h := range s.holders {
		if len(h.grants) > 0 && h.mistake != "" {
			found = append(found, problem{conditions.IdentityInvalid, "status.identities of " + environment + ": " + h.mistake})
		}
	}
	add(conditions.PolicyTooLarge, func(h *holder) bool { return h.tooLarge }, "the IAM policy of ", fmt.Sprintf(
		" does not fit: the inline policies of a role have at most %d characters together. Remove the service account from spec.access, "+
			"or give it a role of its own in %s", limitInline, environment))
	add(conditions.Blocked, func(h *holder) bool { return h.role != "" && !h.granted && !h.tooLarge },
		"what is granted in IAM to ", " follows when "+environment+" is back")
	if all := health.Sum(s.planned()); !all.Ready {
		found = append(found, problem{all.Reason, all.Message})
	}
	return found
}

// unknown says that the Environment names no role of the service account.
func (h *holder) unknown() bool { return h.role == "" && h.mistake == "" }

func (s *service) remedy() string {
	remedy := "The owner of the Environment has to add the role, or remove the service account from spec.access"
	if s.env.Vault != nil {
		remedy += ". Access through Vault works without"
	}
	return remedy
}

// names of the service accounts that something holds for, as a list in words.
func (s *service) names(of func(*holder) bool) string {
	var names []string
	for _, h := range s.holders {
		if of(h) {
			names = append(names, h.account)
		}
	}
	return strings.Join(names, ", ")
}

func (s *service) planned() []health.Resource {
	planned := make([]health.Resource, 0, len(s.plan.Resources))
	for _, r := range s.plan.Resources {
		planned = append(planned, health.Resource{Kind: r.Object.Kind(), Name: r.Object.Name(), Observed: s.in.Observed.Get(r.Name)})
	}
	return planned
}
