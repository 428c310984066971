-- A browser lays tables out by itself. On paper every column gets room for its longest word, and the rest goes where it saves most lines.
-- All in letters of the table's typeface: the page, the room between columns, the longest word that gets room of its own.
local PAGE, GAP, WORD = 92, 3, FORMAT == 'docx' and 34 or 20
-- A heading is set bold, and takes a tenth more than its letters. So many rows tell what a table is like.
local BOLD, ROWS = 1.1, 60
local html = FORMAT:match('html') ~= nil
local function letters(text) return utf8.len(text) or #text end

local function set(tbl, share_of)
  for index, spec in ipairs(tbl.colspecs) do tbl.colspecs[index] = {spec[1], share_of(index)} end
  return tbl
end

-- Where the words do not find room beside each other, the longest are broken.
local function cut(least)
  local total, longest = 0, 0
  for _, one in ipairs(least) do
    total, longest = total + one, math.max(longest, one)
  end
  while total > PAGE and longest > 2 * GAP do
    longest = longest - 1
    total = 0
    for index, one in ipairs(least) do
      least[index] = math.min(one, longest)
      total = total + least[index]
    end
  end
  return total
end

local function lines(size, width) return math.ceil(size / math.max(width - GAP, 1)) end

-- What a table is high by, where its columns are so wide: each row is as high as its highest cell.
local function height(rows, width)
  local total = 0
  for _, row in ipairs(rows) do
    local most = 1
    for column, size in ipairs(row) do most = math.max(most, lines(size, width[column])) end
    total = total + most
  end
  return total
end

-- How many letters more a column needs to save a line anywhere.
local function step(rows, column, width)
  local least = math.huge
  for _, row in ipairs(rows) do
    local now = lines(row[column] or 0, width)
    if now > 1 then least = math.min(least, math.ceil(row[column] / (now - 1)) + GAP - width) end
  end
  return math.max(least, 1)
end

local function shared_out(rows, width, spare)
  while spare > 0 do
    local before, best, gain, cost = height(rows, width), nil, 0, 0
    for column = 1, #width do
      local more = step(rows, column, width[column])
      if more <= spare then
        width[column] = width[column] + more
        local saved = (before - height(rows, width)) / more
        width[column] = width[column] - more
        if saved > gain then best, gain, cost = column, saved, more end
      end
    end
    if not best then break end
    width[best], spare = width[best] + cost, spare - cost
  end
  for column = 1, #width do width[column] = width[column] + spare / #width end
end

return {{Table = function(tbl)
  if html then return set(tbl, function() return nil end) end
  local least, wanted, rows = {}, {}, {}
  for column = 1, #tbl.colspecs do least[column], wanted[column] = GAP, GAP end
  local function measure(row, bold)
    local sizes = {}
    for column, cell in ipairs(row.cells) do
      local text = pandoc.utils.stringify(cell.contents)
      sizes[column] = bold * letters(text)
      wanted[column] = math.max(wanted[column], sizes[column] + GAP)
      for word in text:gmatch('%S+') do least[column] = math.max(least[column], bold * math.min(WORD, letters(word)) + GAP) end
    end
    rows[#rows + 1] = sizes
  end
  for _, row in ipairs(tbl.head.rows) do measure(row, BOLD) end
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do measure(row, 1) end
  end
  local high = 0
  for _, one in ipairs(wanted) do high = high + one end
  if high <= PAGE then return set(tbl, function() return nil end) end
  local some = {}
  for place = 1, #rows, math.ceil(#rows / ROWS) do some[#some + 1] = rows[place] end
  shared_out(some, least, PAGE - cut(least))
  local total = 0
  for _, one in ipairs(least) do total = total + one end
  return set(tbl, function(column) return least[column] / total end)
end}}
