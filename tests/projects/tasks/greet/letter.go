package greet

import (
	"strings"
	"text/template"
)

var letter = template.Must(template.New("letter").Parse("Welcome, {{.Nm}}!"))

// Letter is what a guest is sent.
func Letter(guest Guest) (string, error) {
	var text strings.Builder
	err := letter.Execute(&text, guest)
	return text.String(), err
}
