package partition

// Zones of a region that something is placed in when nobody says others, in their order: three, or as many as the region has.
func Zones(region string) []string {
	letters, ok := exceptions()[region]
	if !ok {
		letters = "abc"
	}
	names := make([]string, 0, len(letters))
	for _, letter := range letters {
		names = append(names, region+string(letter))
	}
	return names
}

// exceptions are the regions whose first three zones are not a, b and c. An account created before November 2025 may know others yet:
// AWS deals the letters out to each account. The input of the step names them.
// https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
func exceptions() map[string]string {
	return map[string]string{
		"ap-northeast-1": "acd",
		"ca-central-1":   "abd",
		"cn-north-1":     "abd",
		"us-west-1":      "ac",
	}
}
