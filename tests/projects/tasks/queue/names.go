package queue

func firstName(names []string) string { return names[0] }

func lastName(names []string) string { return names[len(names)-1] }
