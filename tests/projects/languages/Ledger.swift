import Foundation
import struct Shop.Money

/// The most entries.
public let limit = 100

typealias Name = String

protocol Ledger: AnyObject, Sendable {
    associatedtype Item
    var total: Int { get }
    func post(_ entry: Item) throws
}

/// A line of the ledger.
@frozen
public struct Entry: Codable, Equatable {
    static let zero = Entry(amount: 0)
    let amount: Int

    init(amount: Int) {
        self.amount = amount
    }

    // The sign decides.
    var side: Side {
        return Side(amount)
    }

    subscript(index: Int) -> Int { amount }
}

final class Book: Base, Ledger {
    deinit { close() }

    @discardableResult
    func post(_ entry: Entry) async throws -> Int {
        func check() -> Bool { entry.amount > 0 }
        return try await store.save(entry, check())
    }

    class Page {}
}

enum Side: String {
    case debit, credit

    func flip() -> Side { self == .debit ? .credit : .debit }
}

extension Entry: CustomStringConvertible {
    var description: String { "\(amount)" }
    static func of(_ amount: Int) -> Entry { Entry(amount: amount) }
}

actor Bank {
    func open() {}
}

func + (left: Entry, right: Entry) -> Entry { Entry(amount: left.amount + right.amount) }

func audit(_ book: Book) -> Bool { book.pages.isEmpty }
