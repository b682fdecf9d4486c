package shop.books

import java.util.UUID
import shop.money.Amount as Money

/** The most entries. */
const val LIMIT = 100

typealias Name = String

interface Ledger<T> : Closeable {
    val total: Int
    fun post(entry: T)
}

@Serializable
data class Entry(val amount: Int, val name: Name = "") : Base(amount), Comparable<Entry> {
    // The sign decides.
    override fun compareTo(other: Entry): Int = amount.compareTo(other.amount)

    val side: Side
        get() = Side.of(amount)

    companion object {
        const val ZERO = 0
        fun of(amount: Int) = Entry(amount)
    }
}

sealed class Event {
    object Opened : Event()
    class Closed(val at: Long) : Event()
}

enum class Side {
    DEBIT, CREDIT;

    fun flip(): Side = if (this == DEBIT) CREDIT else DEBIT
}

object Books : Ledger<Entry> {
    override fun post(entry: Entry) {
        fun check() = require(entry.amount > 0)
        check()
        UUID.randomUUID().toString()
    }
}

fun Entry.isZero(): Boolean = amount == 0

val Entry.label: String get() = name.trim()

suspend fun <T> Flow<T>.collectAll(): List<T> {
    return toList()
}

internal val logger = Logger.get("books")
