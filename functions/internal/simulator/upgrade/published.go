package main

import (
	"strings"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/goldenpath-dev/goldenpath/functions/internal/object"
	"github.com/goldenpath-dev/goldenpath/functions/internal/simulator"
)

// published are the required objects of an earlier tree as today's functions publish them: those are upgraded together with the consumers,
// which wait for it, and earlier consumers do not look there. What was recorded was allowed.
func published(required []*structpb.Struct) []*structpb.Struct {
	out := make([]*structpb.Struct, 0, len(required))
	for _, s := range required {
		o := object.Of(s)
		if strings.HasPrefix(o.APIVersion(), "platform.io/") && o.Has("status") && !o.Has("status", "cloud") {
			for _, field := range []string{"cloud", "owner", "type", "sharedWith", "engine"} {
				if value := o.At("spec").Struct().GetFields()[field]; value != nil {
					s = simulator.With(s, value, "status", field)
				}
			}
			if composite := o.String("spec", "resourceRef", "name"); composite != "" {
				s = simulator.With(s, simulator.Text(composite), "status", "composite")
			}
		}
		out = append(out, s)
	}
	return out
}
