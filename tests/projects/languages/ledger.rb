require "json"
require_relative "money"

# Everything about books.
module Shop
  LIMIT = 100

  # A line of the ledger.
  class Entry < Base::Record
    include Comparable
    extend Forwardable

    attr_reader :amount, :name
    belongs_to :book
    has_many :notes
    scope :recent, -> { where(recent: true) }

    def initialize(amount)
      @amount = amount
    end

    # The sign decides.
    def <=>(other)
      amount <=> other.amount
    end

    def self.zero
      new(0)
    end

    class << self
      def of(amount) = new(amount)
    end

    def empty?
      JSON.parse(@name).empty?
    end

    private

    def save!
      store.write(self)
    end

    alias_method :write, :save!

    define_method(:later) { |n| amount + n }
  end

  class Shop::Error < StandardError; end

  Point = Struct.new(:x, :y) do
    def length
      Math.sqrt(x)
    end
  end
end

def audit(book)
  book.check
end
