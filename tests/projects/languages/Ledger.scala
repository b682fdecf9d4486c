package shop.books

import java.util.UUID
import shop.money.{Amount, Currency => Cur, _}

/** A line of the ledger. */
final case class Entry(amount: Int, name: String = "") extends Base(amount) with Ordered[Entry] {
  // The sign decides.
  override def compare(other: Entry): Int = amount.compare(other.amount)

  val side: Side = Side.of(amount)
}

object Entry {
  val Zero = Entry(0)
  type Name = String

  def of(amount: Int): Entry = new Entry(amount)
}

sealed trait Ledger[F[_]] {
  def post(entry: Entry): F[Unit]
  def total: Int = 0
}

abstract class Book[A](pages: Int) extends Ledger[Option] {
  private lazy val index = build()
  implicit val order: Ordering[A]
  @tailrec
  def <+>(other: Book[A]): Book[A] = {
    def check(): Boolean = pages > 0
    other.merge(this)
  }
}

enum Side {
  case Debit, Credit
  def flip: Side = if (this == Debit) Credit else Debit
}

given Ordering[Entry] with {
  def compareAll(a: Entry): Int = 0
}

extension (entry: Entry)
  def isZero: Boolean = entry.amount == 0

implicit class EntryOps(entry: Entry) {
  def twice: Entry = Entry(entry.amount * 2)
}

def audit(book: Book[Int]): Boolean = book.pages.isEmpty

package object money {
  val Limit = 100
}
