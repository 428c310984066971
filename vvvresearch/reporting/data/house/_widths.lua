-- A browser lays tables out by itself. On paper a column gets room for its longest word first, then by how much text it has to wrap.
-- All in letters of the table's typeface: the page, the room between columns, the longest word and text that get room of their own.
local PAGE, GAP, WORD, TEXT = 92, 3, 20, 60
local html = FORMAT:match('html') ~= nil
-- A heading is set bold, and takes a tenth more than its letters.
local BOLD = 1.1
local function letters(text) return utf8.len(text) or #text end

local function set(tbl, share_of)
  for index, spec in ipairs(tbl.colspecs) do tbl.colspecs[index] = {spec[1], share_of(index)} end
  return tbl
end

return {{Table = function(tbl)
  if html then return set(tbl, function() return nil end) end
  local least, wanted, columns = {}, {}, #tbl.colspecs
  for column = 1, columns do least[column], wanted[column] = GAP, GAP end
  local longest = math.min(WORD, 0.8 * PAGE / columns - GAP)
  local function measure(row)
    for column, cell in ipairs(row.cells) do
      local text = pandoc.utils.stringify(cell.contents)
      wanted[column] = math.max(wanted[column], math.min(TEXT, letters(text)) + GAP)
      for word in text:gmatch('%S+') do
        least[column] = math.max(least[column], BOLD * math.min(longest, letters(word)) + GAP)
      end
    end
  end
  for _, row in ipairs(tbl.head.rows) do measure(row) end
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do measure(row) end
  end
  local low, high = 0, 0
  for column = 1, columns do
    wanted[column] = math.max(wanted[column], least[column])
    low, high = low + least[column], high + wanted[column]
  end
  if high <= PAGE then return set(tbl, function() return nil end) end
  local spare = math.max(0, PAGE - low)
  return set(tbl, function(column)
    return (least[column] + spare * (wanted[column] - least[column]) / math.max(high - low, 1e-9)) / math.max(PAGE, low)
  end)
end}}
