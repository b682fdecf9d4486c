<?php

declare(strict_types=1);

namespace Shop\Books;

use Shop\Money\Amount;
use Shop\Money\{Currency as Cur, Rate};
use function Shop\check;

const LIMIT = 100;
define('SHOP_LIMIT', 100);

/**
 * Where entries go.
 */
interface Ledger extends \Countable
{
    public function post(Entry $entry): void;
}

#[Entity]
final class Entry extends Base\Record implements Ledger, \JsonSerializable
{
    use Timestamps;

    public const ZERO = 0;
    private static int $count = 0;

    public function __construct(private int $amount)
    {
        parent::__construct();
    }

    // The sign decides.
    public function side(): Side
    {
        $twice = fn ($n) => $n * 2;
        $this->store->save($twice($this->amount));
        return Side::of(new Amount($this->amount));
    }

    public static function of(int $amount): self
    {
        return new self($amount);
    }
}

trait Timestamps
{
    abstract public function touch(): void;
}

enum Side: string
{
    case Debit = 'd';
    case Credit = 'c';

    public static function of(Amount $amount): self
    {
        return self::Debit;
    }
}

function audit(Entry $entry): bool
{
    return check($entry);
}

$handler = function (Entry $entry) { return audit($entry); };
