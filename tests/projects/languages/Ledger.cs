using System;
using static System.Math;
using Json = Newtonsoft.Json;

namespace Shop.Books
{
    /// <summary>Where entries go.</summary>
    public interface ILedger : IDisposable
    {
        decimal Total { get; }
        void Post(Entry entry);
    }

    [Serializable]
    public class Ledger<T> : Base<T>, ILedger
    {
        public const int Limit = 100;
        private static readonly string Prefix = "L";
        private readonly List<Entry> _entries = new();

        public event EventHandler Posted;

        public Ledger(int size) : base(size) { }

        public decimal Total => _entries.Sum(e => e.Amount);

        public string Name { get; set; }

        // Adds an entry.
        [Obsolete("use Add")]
        public async Task<int> Post<TEntry>(TEntry entry) where TEntry : Entry
        {
            int Twice(int n) => n * 2;
            _entries.Add(entry);
            return await Json.Save(new Report(entry), Twice(1));
        }

        public static Ledger<T> operator +(Ledger<T> a, Ledger<T> b) => a;

        public decimal this[int i] => _entries[i].Amount;

        private class Inner { }
    }

    public record Entry(decimal Amount);

    public record struct Money(decimal Amount);

    public struct Point { public int X; }

    public enum Side { Debit, Credit }

    public delegate void Handler(object sender);

    public static class Extensions
    {
        public static decimal Sum(this ILedger ledger) => ledger.Total;
    }
}
