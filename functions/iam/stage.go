// Package iam gives the identities of an Environment what a service grants them in the cloud: one inline policy per service
// account, on the IAM role that it takes on. It knows services by the wiring contract only.
package iam

import (
	"slices"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	iammr "github.com/goldenpath-dev/goldenpath/functions/internal/managed/iam"
	"github.com/goldenpath-dev/goldenpath/functions/internal/naming"
	"github.com/goldenpath-dev/goldenpath/functions/internal/ownership"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
)

// Composition resource names. They are API.
const (
	prefix    = ownership.IAM
	nameGrant = prefix + "grant-"
)

// Stage is the iam stage. It owns no condition: where something is granted, it has the last word on AccessReady, which the service
// itself sets.
func Stage() plan.Stage {
	return plan.Stage{Name: "iam", Prefix: prefix, Compose: compose}
}

func compose(in plan.In) (*plan.Plan, error) {
	s := &service{in: in, env: in.Environment, wiring: in.Wiring, plan: &plan.Plan{}, used: map[string]int{}, wanted: map[string]bool{}}
	switch {
	case s.env.Expired() && s.wiring == nil:
		s.expire()
		return s.plan, nil
	case s.wiring == nil || s.env == nil:
		// The service has nothing to grant yet. If something of ours is observed, the kernel keeps it.
		s.plan.Waiting = true
		s.repeat()
		return s.plan, nil
	}
	if err := check(s.wiring); err != nil {
		return nil, err
	}
	s.holders = s.findHolders()
	for _, h := range s.holders {
		s.grant(h)
	}
	for _, name := range in.Observed.Names(nameGrant) {
		s.settle(name)
	}
	s.condition()
	if s.wiring.Hold {
		s.plan.OnlyObserved(in)
	}
	return s.plan, nil
}

// service is what grants.
type service struct {
	in      plan.In
	env     *pipelinev1.Environment
	wiring  *pipelinev1.Wiring
	plan    *plan.Plan
	holders []*holder
	// used are the characters of the policies that are planned, by IAM role.
	used map[string]int
	// wanted are the names of what is planned.
	wanted map[string]bool
}

// holder is a service account with an access role, and what that role is granted.
type holder struct {
	account string
	grants  []pipelinev1.Grant
	// role is the name of the IAM role. Empty when the Environment names none, or a wrong one.
	role string
	// mistake says what is wrong with the identity. Empty when nothing is.
	mistake string
	// granted says that the policy on the role is planned, and kept that an earlier one stays instead.
	granted, kept bool
	// tooLarge says that the policy does not fit on the role.
	tooLarge bool
}

// findHolders lists the service accounts with an access role, sorted.
func (s *service) findHolders() []*holder {
	accounts := make([]string, 0, len(s.wiring.Access))
	for _, a := range s.wiring.Access {
		accounts = append(accounts, a.ServiceAccount)
	}
	slices.Sort(accounts)
	accounts = slices.Compact(accounts)
	holders := make([]*holder, 0, len(accounts))
	for _, account := range accounts {
		h := &holder{account: account}
		for _, g := range s.wiring.Grants {
			if slices.Contains(s.wiring.Access, pipelinev1.Access{ServiceAccount: account, Role: g.Role}) {
				h.grants = append(h.grants, g)
			}
		}
		h.role, h.mistake = s.roleOf(account)
		holders = append(holders, h)
	}
	return holders
}

// grantName says whom a grant is for, and on which IAM role it is. A policy cannot move to another role: the provider finds it by
// the names of both, so under one name the old role would keep it for ever.
func grantName(account, role string) string {
	return nameGrant + naming.Mend(account) + "-" + naming.Hash(account, role)
}

// grant plans the policy of a service account on the role that it has now.
func (s *service) grant(h *holder) {
	if h.role == "" || len(h.grants) == 0 || (s.wiring.Hold && s.in.Observed.Get(grantName(h.account, h.role)).IsZero()) {
		return
	}
	h.granted = s.put(h, h.role)
}

// put plans the policy of a service account on a role, and says whether it did. What does not fit or is not known stays as it is.
func (s *service) put(h *holder, role string) bool {
	name := grantName(h.account, role)
	policy := s.in.Observed.Get(name).String("spec", "forProvider", "policy")
	if len(h.grants) > 0 {
		if fresh := document(h.grants); s.used[role]+len(fresh) <= limitInline {
			policy = fresh
		} else {
			h.tooLarge = true
		}
	}
	if policy == "" {
		return false
	}
	s.used[role] += len(policy)
	s.wanted[name] = true
	s.plan.Add(name, managed.Resource[*iammr.RolePolicy]{
		Name: s.in.Name(name), ProviderConfig: s.env.Cloud.ProviderConfigRef,
		ForProvider: &iammr.RolePolicy{Role: role, Policy: policy},
	}.Object(s.in.Flavour))
	return true
}

// settle decides on a grant that is composed and that no service account has on its present role.
func (s *service) settle(name string) {
	if s.wanted[name] {
		return
	}
	role := s.in.Observed.Get(name).String("spec", "forProvider", "role")
	i := slices.IndexFunc(s.holders, func(h *holder) bool { return grantName(h.account, role) == name })
	if i < 0 {
		s.plan.Drop(name, pipelinev1.DropSpecChanged, "spec.access no longer names the service account that it is for")
		return
	}
	h := s.holders[i]
	switch {
	case len(h.grants) == 0 && !s.grantsUnknown():
		s.plan.Drop(name, pipelinev1.DropSpecChanged, "the access of "+h.account+" is granted nothing in IAM any more")
	case h.granted:
		s.plan.Drop(name, pipelinev1.DropSpecChanged, "the Environment says that "+h.account+" has the role "+h.role+" now")
	default:
		// The Environment has lost the identity, or says something that cannot be: nobody loses a permission by that.
		h.kept = s.put(h, role)
	}
}

// grantsUnknown says that the service does not know its grants for now. Without a hold none means none.
func (s *service) grantsUnknown() bool { return s.wiring.Hold && len(s.wiring.Grants) == 0 }
