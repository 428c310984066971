-- One filter for both engines: what Markdown means here that neither pandoc nor Quarto knows.
local typst, word = FORMAT:match('typst') ~= nil, FORMAT == 'docx' or FORMAT == 'pptx'
-- Divs and spans that the Typst template has a function for.
local BOXES = {'lead', 'pull-quote', 'case', 'advice', 'base', 'goal', 'note', 'colophon', 'against', 'sure', 'small', 'slide', 'plain', 'notes', 'card', 'marks'}
-- Typst's own columns are another thing.
local ROWS = {cards = 'cards', pair = 'pair', columns = 'sides'}
local MARKS = {'status', 'label', 'count', 'score', 'advice-title', 'advice-number'}
local APOSTROPHE, NOTHING = '\u{2019}', '#[]'
local QUOTES = {da = {'»', '«', '’', '’'}, en = {'“', '”', '‘', '’'}}
local quotes, tongue = QUOTES.da, 'da'
local box_names, mark_names = {}, {}
for _, name in ipairs(BOXES) do box_names[name] = true end
for _, name in ipairs(MARKS) do mark_names[name] = true end

local function typ(text) return pandoc.RawInline('typst', text) end
local function string_of(text) return '"' .. text:gsub('\\', '\\\\'):gsub('"', '\\"') .. '"' end

local function language(meta)
  tongue = meta.lang and pandoc.utils.stringify(meta.lang):sub(1, 2) or 'da'
  quotes = QUOTES[tongue] or QUOTES.en
end

-- Straight quotation marks become those of the language here, since the two writers would each choose others.
local function spoken(quoted)
  local double = quoted.quotetype == 'DoubleQuote'
  local out = pandoc.Inlines({pandoc.Str(double and quotes[1] or quotes[3])})
  out:extend(quoted.content)
  out:insert(pandoc.Str(double and quotes[2] or quotes[4]))
  return out
end

-- An apostrophe goes to Typst by its code: left as a sign, it opens a quotation where it stands before a word.
local function apostrophes(str)
  local text, found = str.text:gsub(APOSTROPHE, '\0')
  if found == 0 then return nil end
  local out = pandoc.Inlines({})
  for words, sign in text:gmatch('([^\0]*)(\0?)') do
    if words ~= '' then out:insert(pandoc.Str(words)) end
    if sign ~= '' then out:insert(typ('\\u{2019}')) end
  end
  return out
end

-- Words that Typst takes for a numbered item, a heading, or an item of a list or of terms when they open a piece of content.
local MARKUP = {'^%d+%.$', '^=+$', '^[-+/]$'}
local function guarded(inlines)
  local opening = inlines[1]
  if not opening or opening.t ~= 'Str' then return nil end
  for _, pattern in ipairs(MARKUP) do
    if opening.text:find(pattern) then return pandoc.Inlines({typ(NOTHING)}) .. inlines end
  end
end

-- A walk goes on inside what a filter gives back and not to the boxes that stand first in it, so that a box takes care of those in it.
local boxes = {traverse = 'topdown'}
local function within(blocks) return blocks:walk(boxes) end

local function called(name, div)
  local lang = div.attributes.lang
  local out = pandoc.Blocks({pandoc.RawBlock('typst', '#' .. name .. '[' .. (lang and '#set text(lang: ' .. string_of(lang) .. ')' or ''))})
  out:extend(within(div.content))
  out:insert(pandoc.RawBlock('typst', div.identifier ~= '' and '] <' .. div.identifier .. '>' or ']'))
  return out
end

-- Boxes side by side are the arguments of one call.
local function row_of(name, div)
  local out = pandoc.Blocks({pandoc.RawBlock('typst', '#' .. name .. '(')})
  for _, one in ipairs(div.content) do
    if one.t == 'Div' then
      out:insert(pandoc.RawBlock('typst', '['))
      out:extend(within(one.content))
      out:insert(pandoc.RawBlock('typst', '],'))
    end
  end
  out:insert(pandoc.RawBlock('typst', ')'))
  return out
end

function boxes.Div(div)
  for _, class in ipairs(div.classes) do
    if typst and ROWS[class] then return row_of(ROWS[class], div) end
    if typst and box_names[class] then return called(class, div) end
    if word and box_names[class] then
      div.attributes['custom-style'] = class
      return div
    end
  end
end

local function mark(span)
  if not typst then return nil end
  local open
  for _, class in ipairs(span.classes) do
    if mark_names[class] then open = '#' .. class .. '[' end
  end
  if span.attributes.lang then open = '#text(lang: ' .. string_of(span.attributes.lang) .. ')[' end
  if not open then return nil end
  local out = pandoc.Inlines({typ(open)})
  out:extend(span.content)
  out:insert(typ(']'))
  return out
end

-- PDF/UA wants words for a formula.
local function formula(math)
  if typst then return {typ('#[#set math.equation(alt: ' .. string_of(math.text) .. ');'), math, typ(']')} end
end

-- Rows are named by their first cell where every row of the table has one.
local function row_heads(tbl)
  local bodies = pandoc.List(tbl.bodies)
  local function nameless(row) return pandoc.utils.stringify(row.cells[1].contents) == '' end
  local function complete(part) return not pandoc.List(part.body):find_if(nameless) end
  if #tbl.colspecs < 2 or #bodies:filter(complete) < #bodies then return nil end
  tbl.bodies = bodies:map(function(part)
    part.row_head_columns = 1
    return part
  end)
  return tbl
end

-- Office formats get the PNG that is drawn beside each SVG, which they can show by themselves.
local function picture(image)
  local stem = word and image.src:match('^(.+)%.svg$')
  if not stem then return nil end
  image.src = stem .. '.png'
  return image
end

-- A volume leads to the other in its own format; Typst can lead to the file only.
local VOLUMES = {['report.html'] = 'report', ['evidence.html'] = 'evidence'}
local ending = typst and '.pdf' or FORMAT == 'docx' and '.docx'
local function volume(link)
  local name = VOLUMES[link.target:match('^[%w]+%.html') or '']
  if not name or not ending then return nil end
  link.target = name .. ending
  return link
end

-- As few walks as there can be: each costs as much as reading the document.
local words = {Quoted = spoken, Span = mark, Table = row_heads, Image = picture, Link = volume}
if typst then words.Str, words.Inlines, words.Math = apostrophes, guarded, formula end
return {{Meta = language}, boxes, words}
