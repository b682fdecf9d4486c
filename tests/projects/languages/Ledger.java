package shop.books;

import java.util.List;
import static shop.Money.rate;
import shop.store.*;

/**
 * A line of the ledger.
 */
@Entity(name = "entry")
public abstract class Ledger<T> extends Base<T> implements Closeable, shop.Comparable<T> {
    public static final int LIMIT = 100;
    private String name;

    // Makes one.
    public Ledger(int size) {
        super(size);
    }

    /** The sign decides. */
    @Override
    public <R> R side(T entry) throws IOException {
        int local = rate(entry);
        this.store.save(new Report<>(local));
        return list.stream().map(Side::of).get();
    }

    abstract void check();

    enum Side {
        DEBIT,
        CREDIT {
            void flip() {}
        };

        static Side of(int n) {
            return DEBIT;
        }
    }

    record Page(int number) implements Printable {
        Page {}
    }

    @interface Audited {
        int level() default 1;
    }

    interface Hook extends Runnable {
        int ORDER = 1;
        void fire();
    }
}
