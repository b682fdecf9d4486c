{-# LANGUAGE OverloadedStrings #-}
-- | Everything about books.
module Shop.Ledger
  ( Entry (..)
  , post
  ) where

import Data.Map (Map, insert)
import qualified Data.Text as T
import Prelude hiding (lookup)

-- | The most entries.
limit :: Int
limit = 100

type Name = T.Text

-- | A line of the ledger.
data Entry = Entry
  { amount :: Int
  , name :: Name
  } deriving (Show, Eq)

newtype Book a = Book { pages :: [a] }

data Side = Debit | Credit

-- | Where entries go.
class Monad m => Ledger m where
  post :: Entry -> m ()
  total :: m Int
  total = pure 0

instance Ledger IO where
  post entry = save (amount entry)

-- | The sign decides.
side :: Entry -> Side
side entry
  | amount entry > 0 = Debit
  | otherwise = other entry
  where
    other _ = Credit

flipSide :: Side -> Side
flipSide Debit = Credit
flipSide Credit = Debit

(<+>) :: Book a -> Book a -> Book a
a <+> b = Book (pages a ++ pages b)

type family Elem c

data family Store a

pattern Zero :: Entry
pattern Zero = Entry 0 ""

deriving instance Show Side

foreign import ccall "audit" c_audit :: Int -> IO Int
