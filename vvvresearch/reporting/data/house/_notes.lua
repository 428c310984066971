-- HTML: a number is a button that opens a copy of its note, without a script; the note itself stays where it is.
if not FORMAT:match('html') then return {} end
local notes, used, wanted = {}, {}, {}
local say = {note = 'Note', there = 'Til noten', close = 'Luk'}

local function bare(el)
  el.identifier = ''
  return el
end
local function unlinked(link)
  if link.classes:includes('back') then return {} end
  return link.content
end

local function words(meta)
  say.note = meta['vvv-note'] and pandoc.utils.stringify(meta['vvv-note']) or say.note
  say.there = meta['vvv-to-note'] and pandoc.utils.stringify(meta['vvv-to-note']) or say.there
end

local function collect(div)
  if div.classes:includes('note') and div.identifier ~= '' then
    notes[div.identifier] = div.content:walk({Span = bare, Div = bare, Link = unlinked})
  end
end

local function escaped(text)
  return text:gsub('&', '&amp;'):gsub('<', '&lt;'):gsub('>', '&gt;')
end

local function opened(link, mark)
  local id = link.target:sub(2)
  if not used[id] then
    used[id] = true
    wanted[#wanted + 1] = id
  end
  local text = escaped(pandoc.utils.stringify(link.content) .. mark)
  return pandoc.RawInline('html', '<button type="button" class="value" popovertarget="pop-' .. id .. '">' .. text .. '</button>')
end

-- A button is a box: over several lines its stop would stand on a line of its own, so the stop goes into it.
local function buttons(inlines)
  for place, el in ipairs(inlines) do
    if el.t == 'Link' and el.classes:includes('value') and notes[el.target:sub(2)] then
      local after, mark = inlines[place + 1], ''
      if after and after.t == 'Str' and pandoc.utils.stringify(el.content):find('%s.*%s') then
        mark = after.text:match('^[%.,;:!%?]+') or ''
        after.text = after.text:sub(#mark + 1)
      end
      inlines[place] = opened(el, mark)
    end
  end
  return inlines
end

local function append(doc)
  for _, id in ipairs(wanted) do
    doc.blocks:insert(pandoc.RawBlock('html', '<aside popover id="pop-' .. id .. '" class="pop" aria-label="' .. escaped(say.note) .. '">'))
    doc.blocks:extend(notes[id])
    doc.blocks:insert(pandoc.Para({pandoc.Link(say.there, '#' .. id)}))
    doc.blocks:insert(pandoc.RawBlock('html', '</aside>'))
  end
  return doc
end

return {{Meta = words}, {Div = collect}, {Inlines = buttons}, {Pandoc = append}}
