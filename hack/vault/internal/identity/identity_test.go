package identity

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// ask reviews a token as Vault does.
func ask(t *testing.T, i *Issuer, token string) (authenticated bool, username string) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"spec": map[string]any{"token": token}})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	i.review(w, httptest.NewRequest(http.MethodPost, "/apis/authentication.k8s.io/v1/tokenreviews", bytes.NewReader(body)))
	var answer struct {
		Status struct {
			Authenticated bool `json:"authenticated"`
			User          struct {
				Username string `json:"username"`
			} `json:"user"`
		} `json:"status"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	return answer.Status.Authenticated, answer.Status.User.Username
}

// The review tells tokens of ours from all others; if it did not, no refusal of Vault would mean anything.
func TestReview(t *testing.T) {
	t.Parallel()
	ours, err := New()
	if err != nil {
		t.Fatal(err)
	}
	others, err := New()
	if err != nil {
		t.Fatal(err)
	}
	token := func(i *Issuer) string {
		text, err := i.Token("shop", "orders")
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	good := token(ours)
	parts := strings.Split(good, ".")
	claims, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	forged := parts[0] + "." + encode(bytes.ReplaceAll(claims, []byte("orders"), []byte("admins"))) + "." + parts[2]
	cases := map[string]struct {
		token string
		ok    bool
	}{
		"ours":                        {good, true},
		"of another cluster":          {token(others), false},
		"with other claims":           {forged, false},
		"without a signature":         {parts[0] + "." + parts[1] + ".", false},
		"no token":                    {"hello", false},
		"empty":                       {"", false},
		"with a signature of nothing": {parts[0] + "." + parts[1] + "." + encode(make([]byte, 2*part)), false},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			ok, username := ask(t, ours, tc.token)
			if ok != tc.ok || (ok && username != "system:serviceaccount:shop:orders") {
				t.Errorf("authenticated = %v as %q, want %v", ok, username, tc.ok)
			}
		})
	}
}
