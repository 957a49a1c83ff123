// Package naming makes the names that are given to clouds and to Vault. A name is made once, when a resource is first
// composed; from then on it is read from the observed resource.
package naming

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strings"
)

// Limits of the services, in characters.
const (
	// LimitKubernetes keeps a name usable as a label value.
	LimitKubernetes = 63
	// LimitKubernetesName is the limit of most object names.
	LimitKubernetesName = 253
	// LimitRDS is the limit of a DB instance identifier.
	// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
	LimitRDS = 63
)

// hashLength is how many hex digits of the hash a name carries: 40 bits.
const hashLength = 10

// Subject is what names are made for.
type Subject struct {
	// UID of the composite: names differ after a delete and a new start.
	UID string
	// Kind in lower case, without the X of the claims flavour.
	Kind string
	// Namespace of the claim.
	Namespace string
	// Name of the claim.
	Name string
}

// Unique makes `<readable>-<hash>` of at most limit characters. The readable part is the subject's name and the purpose; the
// hash covers the uid, the purpose and the level, so that different tuples never collide. The result satisfies the
// strictest alphabet of the services that take it, which is RDS's: lower-case letters, digits and single hyphens, a letter
// first, no hyphen last.
func Unique(s Subject, purpose, level string, limit int) string {
	readable := s.Name
	suffix := hash(s.UID, purpose, level)
	tail := "-" + suffix
	if level != "" {
		tail = "-" + Mend(level) + tail
	}
	if purpose != "" {
		tail = "-" + Mend(purpose) + tail
	}
	if len(tail) > limit-1 {
		tail = "-" + suffix
	}
	start := truncate(Mend(readable), limit-len(tail))
	if start == "sg" {
		// With the hyphen behind it, it would be the start that EC2 reserves.
		start = "s"
	}
	return start + tail
}

// Mend turns any Kubernetes name into lower-case letters, digits and single hyphens with a letter first. A name that is
// legal already stays as it is. sg- as a start is reserved by EC2.
func Mend(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	mended := strings.TrimRight(b.String(), "-")
	if mended == "" || mended[0] < 'a' || strings.HasPrefix(mended, "sg-") {
		mended = strings.TrimRight("x-"+mended, "-")
	}
	return mended
}

// truncate shortens a mended name and keeps it mended.
func truncate(name string, limit int) string {
	if len(name) > limit {
		name = name[:limit]
	}
	return strings.TrimRight(name, "-")
}

// hash is over the length-prefixed parts: no two different tuples have the same input.
func hash(parts ...string) string {
	h := sha256.New()
	var length [8]byte
	for _, part := range parts {
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		h.Write(length[:])
		h.Write([]byte(part))
	}
	return hex.EncodeToString(h.Sum(nil)[:hashLength/2])
}

// Hash returns ten hex digits over the length-prefixed parts, for keys that are made of data.
func Hash(parts ...string) string { return hash(parts...) }
