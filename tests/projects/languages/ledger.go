// Package books holds everything about books.
package books

import (
	"net/http"
	money "github.com/shop/money/v2"
)

// Limit is the most entries.
const Limit = 100

const (
	Debit = iota
	Credit
)

var ErrFull, ErrClosed = errors.New("full"), errors.New("closed")

// Entry is a line of the ledger.
type Entry[T any] struct {
	sync.Mutex
	*Base
	Amount T
}

type Ledger interface {
	io.Closer
	// Post adds an entry.
	Post(entry Entry[int]) error
}

type (
	Name = string
	Hook func(int) bool
)

// Side tells the sign.
func (e *Entry[T]) Side(rate money.Rate) (string, error) {
	local := func() int { return 1 }
	http.Get(e.name)
	return check(local())
}

func New() *Entry[int] {
	return &Entry[int]{Amount: 1}
}
