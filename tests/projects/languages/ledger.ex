defmodule Shop.Ledger do
  @moduledoc """
  Everything about books.
  """

  use GenServer
  import Ecto.Query, only: [from: 2]
  alias Shop.Money.Amount
  alias Shop.{Currency, Rate}
  alias Shop.Store, as: Disk
  require Logger

  @behaviour Shop.Book
  @limit 100

  @type entry :: {integer, String.t()}
  @typep secret :: atom
  @callback post(entry) :: :ok

  defstruct amount: 0, name: ""

  @doc """
  Posts an entry.
  """
  @spec post(entry) :: :ok
  def post(entry, opts \\ [])

  def post({amount, _name}, opts) when amount > 0 do
    Logger.info("post")
    Disk.save(amount) |> check()
  end

  # The sign decides.
  defp check(n), do: n > 0

  defmacro audit(book) do
    quote do: unquote(book)
  end

  defguard is_zero(n) when n == 0

  def left <~> right, do: {left, right}

  defdelegate total(book), to: Shop.Store

  defmodule Page do
    def new, do: %Page{}
  end
end

defprotocol Shop.Postable do
  def post(thing)
end

defimpl Shop.Postable, for: Shop.Entry do
  def post(thing), do: Shop.Ledger.post(thing)
end

defmodule Shop.LedgerTest do
  describe "post" do
    test "keeps the amount" do
      assert Shop.Ledger.post({1, ""}) == :ok
    end
  end
end
