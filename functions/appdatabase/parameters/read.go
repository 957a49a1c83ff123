package parameters

import (
	"fmt"
	"io/fs"
	"strings"
)

// secretsFile has what is refused where Vault issues credentials.
const secretsFile = "secrets.txt"

// eachLine hands over the lines that say something. A line in brackets is what the ones below it are about.
func eachLine(files fs.FS, file string, do func(about, line string) error) error {
	text, err := fs.ReadFile(files, "data/"+file)
	if err != nil {
		return fmt.Errorf("cannot read %s: %w", file, err)
	}
	about := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			about = strings.Trim(line, "[]")
		default:
			if err := do(about, line); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
		}
	}
	return nil
}

// ofEngines changes the engines that stand before a colon. A change that is false does not like what follows it.
func (t Table) ofEngines(line, want string, change func(e *engine, rest []string) bool) error {
	engines, rest, ok := strings.Cut(line, ":")
	if !ok {
		return fmt.Errorf("%q is not: %s", line, want)
	}
	for name := range strings.FieldsSeq(engines) {
		e, known := t.engines[name]
		if !known {
			return fmt.Errorf("%q is no engine", name)
		}
		if !change(&e, strings.Fields(rest)) {
			return fmt.Errorf("%q is not: %s", line, want)
		}
		t.engines[name] = e
	}
	return nil
}

// readRefusals reads a reason in brackets, and below it lines of engines and patterns, each with the values that may be.
func (t Table) readRefusals(files fs.FS, file string) error {
	const want = "engines, a colon, names, below a reason in brackets"
	return eachLine(files, file, func(reason, line string) error {
		if reason == "" {
			return fmt.Errorf("%q is not: %s", line, want)
		}
		return t.ofEngines(line, want, func(e *engine, patterns []string) bool {
			list := &e.refused
			if file == secretsFile {
				list = &e.leaks
			}
			for _, pattern := range patterns {
				r := refusal{pattern: pattern, reason: reason}
				if name, values, some := strings.Cut(pattern, "="); some {
					r.pattern, r.but = name, strings.Split(values, "|")
				}
				*list = append(*list, r)
			}
			return true
		})
	})
}

// readSpelling reads how RDS writes names and values.
func (t Table) readSpelling(files fs.FS) error {
	return eachLine(files, "rds.txt", func(about, line string) error {
		return t.ofEngines(line, "engines, a colon, one or two names, below what they are", func(e *engine, names []string) bool {
			switch {
			case about == "names" && len(names) == 2:
				e.rdsNames = added(e.rdsNames, names[0], names[1])
			case about == "aliases" && len(names) == 2:
				e.aliases = added(e.aliases, names[0], names[1])
			case about == "words" && len(names) > 0:
				e.words = append(e.words, names...)
			default:
				return false
			}
			return true
		})
	})
}

func added(m map[string]string, key, value string) map[string]string {
	if m == nil {
		m = map[string]string{}
	}
	m[key] = value
	return m
}

// readDefaults reads what the families have as defaults.
func (t Table) readDefaults(files fs.FS) error {
	return eachLine(files, "defaults.txt", func(_, line string) error {
		words := strings.Fields(line)
		if len(words) != 4 {
			return fmt.Errorf("%q is not: engine, first version, name, value", line)
		}
		e, known := t.engines[words[0]]
		if !known {
			return fmt.Errorf("%q is no engine", words[0])
		}
		e.defaults = append(e.defaults, familyDefault{since: words[1], name: words[2], value: words[3]})
		t.engines[words[0]] = e
		return nil
	})
}
