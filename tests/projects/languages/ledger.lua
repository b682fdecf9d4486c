local json = require("json")
local store = require "shop.store"

--- Everything about books.
local M = {}

M.LIMIT = 100

local Entry = setmetatable({}, { __index = M })

--- Posts an entry.
-- @param entry the entry
function M.post(entry)
  store.save(json.encode(entry))
end

-- The sign decides.
function Entry:side()
  return self:amount() > 0
end

local function check(n)
  return n > 0
end

M.audit = function(book)
  return check(book.total)
end

local twice = function(n) return n * 2 end

M.handlers = {
  open = function() return twice(1) end,
  ["close"] = function() end,
}

function M.deep.nested.run() end

return M
