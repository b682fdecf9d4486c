// Package queue serves whoever came first.
package queue

// Queue holds who waits.
type Queue struct{ waiting []string }

// Join adds somebody at the end.
func (q *Queue) Join(name string) { q.waiting = append(q.waiting, name) }

// Next takes who came first.
func (q *Queue) Next() string {
	first := firstOf(q.waiting)
	q.waiting = q.waiting[1:]
	return first
}
