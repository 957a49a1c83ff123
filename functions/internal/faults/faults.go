// Package faults is the catalog of errors: what AWS, Vault and the providers say when something fails, what it means, what
// helps, and who has to act. It is data, one file for each service. An error that is not in it passes through, cleaned of what
// differs from one retry to the next.
package faults

import (
	"slices"
	"strings"

	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
)

// Who has to act.
type Who string

// Those who can act. A developer has no rights on managed resources, providers and the cloud.
const (
	// Developer: a change of the claim helps.
	Developer Who = "developer"
	// PlatformTeam: the account, a provider, Vault, the catalog or the Environment has to be changed.
	PlatformTeam Who = "platform team"
	// Nobody: it heals by itself.
	Nobody Who = "nobody"
)

// entry is a known error. It applies to a text that has one of its codes and one of each of its lists; an empty list asks for
// nothing.
type entry struct {
	// codes of the API. An error code stands before a colon, with or without the ending Fault or Exception.
	codes []string
	// says and also are parts of the text, not of it is what another entry is about.
	says, also, not []string
	reason          conditions.Reason
	// means is what happened, as a sentence without a full stop. {config} becomes the provider's configuration, {mount} the path in Vault
	// that the error is about.
	means string
	who   Who
	// remedy follows "You have to" or "The platform team has to". When nobody has to act it says what happens by itself.
	remedy string
}

// Explanation is what a message means.
type Explanation struct {
	// Reason of the failure.
	Reason conditions.Reason
	// Words of the provider, cleaned.
	Words string
	// Remedy is what it means, what helps and who has to act, in one or two sentences.
	Remedy string
	// Who has to act.
	Who Who
}

// limit of a message in bytes: a condition tells of up to three. The provider's words get what the remedy leaves, and no less
// than wordsLeast.
const (
	limit      = 400
	wordsLeast = 120
	// mark of what is cut.
	mark = " ..."
)

// Message is the provider's words, then what they mean. It has no line breaks and at most about 400 characters.
func (e Explanation) Message() string {
	if e.Remedy == "" {
		return cut(e.Words, limit)
	}
	words := cut(e.Words, max(wordsLeast, limit-len(". ")-len(e.Remedy)))
	if !strings.HasSuffix(words, mark) {
		words = strings.TrimRight(words, ". ") + "."
	}
	return words + " " + e.Remedy
}

// Explain looks a provider's message up. config is the provider's configuration with its kind, such as "ProviderConfig aws";
// without one the remedy says "the ProviderConfig". An unknown message is returned in the provider's words, cleaned, and false.
func Explain(config, message string) (Explanation, bool) {
	words := Clean(message)
	for _, service := range catalog() {
		for _, e := range service() {
			if e.applies(words) {
				return Explanation{Reason: e.reason, Words: words, Remedy: e.sentence(config, words), Who: e.who}, true
			}
		}
	}
	return Explanation{Words: words}, false
}

// catalog is everything that is known, what is frequent first. No two entries apply to the same error, so the order matters to
// nothing but the time that it takes.
func catalog() []func() []entry {
	return []func() []entry{
		crossplane, aws, rdsLimits, rdsSizes, rdsOptions, rdsGround, rdsRestores, rdsStates, rdsBroken, ec2, iam, vault, vaultDatabase,
	}
}

func (e *entry) applies(words string) bool {
	return (len(e.codes) == 0 || slices.ContainsFunc(e.codes, func(c string) bool { return hasCode(words, c) })) &&
		(len(e.says) == 0 || containsAny(words, e.says)) &&
		(len(e.also) == 0 || containsAny(words, e.also)) &&
		!containsAny(words, e.not)
}

func (e *entry) sentence(config, words string) string {
	if config == "" {
		config = "the ProviderConfig"
	}
	text := e.means + ": " + e.remedy + "; nothing to do"
	switch e.who {
	case Developer:
		text = e.means + ". You have to " + e.remedy
	case PlatformTeam:
		text = e.means + ". The platform team has to " + e.remedy
	}
	return strings.NewReplacer("{config}", cut(config, wordsLeast), "{mount}", mountIn(words)).Replace(text)
}

func containsAny(text string, parts []string) bool {
	return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(text, p) })
}

// hasCode says that the code stands in the text as a word of its own, before a colon or at the end.
func hasCode(text, code string) bool {
	for {
		before, after, found := strings.Cut(text, code)
		if !found {
			return false
		}
		rest := strings.TrimPrefix(strings.TrimPrefix(after, "Exception"), "Fault")
		if (before == "" || !isWord(before[len(before)-1])) && (rest == "" || rest[0] == ':') {
			return true
		}
		text = after
	}
}

func isWord(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '.'
}

// cut shortens a text to so many bytes, at a word where there is one, and marks that something is missing.
func cut(text string, length int) string {
	if len(text) <= length {
		return text
	}
	head := strings.ToValidUTF8(text[:length-len(mark)], "")
	if end := strings.LastIndexByte(head, ' '); end > length/2 {
		head = head[:end]
	}
	return strings.TrimRight(head, " ,;:") + mark
}
