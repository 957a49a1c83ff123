package vault

import (
	"cmp"
	"encoding/json"

	"github.com/goldenpath-dev/goldenpath/functions/internal/managed"
	"github.com/goldenpath-dev/goldenpath/functions/internal/managed/core"
	vaultmr "github.com/goldenpath-dev/goldenpath/functions/internal/managed/vault"
	"github.com/goldenpath-dev/goldenpath/functions/internal/wiring"
)

// annotationPayload of the KV entry is the version of the Secret that it was last told about.
const annotationPayload = "platform.io/payload-version"

// payloadKey of the Secret that holds the KV entry as JSON.
const payloadKey = "data.json"

// entry writes the connection string to the KV mount, by way of a Secret: no value stands in a spec.
func (s *service) entry() {
	if payload, ok := s.payload(); ok {
		secret := core.Secret{Name: s.in.Name(namePayload), Namespace: s.secretNamespace(), Data: map[string]string{payloadKey: payload}}
		s.plan.Add(namePayload, secret.Object())
	}
	if s.in.Observed.Get(nameEntry).IsZero() && s.in.Observed.Get(namePayload).IsZero() {
		return
	}
	entry := vaultResource(s, nameEntry, &vaultmr.KVSecret{
		Namespace:         s.env.Vault.Namespace,
		Mount:             s.env.Vault.KVMount,
		Name:              wiring.KVPath(s.in),
		DataJSONSecretRef: managed.SecretKeyRef{Name: s.in.Name(namePayload), Key: payloadKey},
		DeleteAllVersions: ptr(true),
		// An older version may hold credentials that the present one does not.
		CustomMetadata: []vaultmr.KVMetadata{{MaxVersions: ptr[int64](1)}},
	})
	entry.Annotations = s.payloadVersion()
	s.plan.Add(nameEntry, entry.Object(s.in.Flavour))
}

// payloadVersion makes the entry follow its payload at once. The provider watches the entry and not the Secret, and would look at
// it again at its next poll only. The version is the API server's and says nothing of the values. It is the observed one, so it
// follows a change one call later and then rests.
func (s *service) payloadVersion() map[string]string {
	version := cmp.Or(
		s.in.Observed.Get(namePayload).String("metadata", "resourceVersion"),
		s.in.Observed.Get(nameEntry).String("metadata", "annotations", annotationPayload))
	if version == "" {
		return nil
	}
	return map[string]string{annotationPayload: version}
}

// payload is the entry as JSON: complete, or as it is composed already, or none.
func (s *service) payload() (string, bool) {
	composed, found := core.SecretData(s.in.Observed.Get(namePayload))[payloadKey]
	e := s.wiring.Entry
	if e == nil {
		return composed, found
	}
	username, password := "", ""
	if ref := e.Credentials; ref != nil {
		details := s.in.Observed.Connection(ref.Resource)
		username, password = string(details[ref.UsernameKey]), string(details[ref.PasswordKey])
		if username == "" || password == "" {
			return composed, found
		}
	}
	raw, err := json.Marshal(wiring.Expand(*e, username, password))
	if err != nil {
		// A map of strings has no value that JSON cannot hold.
		return composed, found
	}
	return string(raw), true
}

func (s *service) secretNamespace() string {
	if s.in.Flavour.Legacy {
		return s.in.Flavour.SecretNamespace
	}
	return s.in.Flavour.Namespace
}
