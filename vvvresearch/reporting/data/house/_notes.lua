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

local function opened(link)
  if not link.classes:includes('value') then return nil end
  local id = link.target:sub(2)
  if not notes[id] then return nil end
  if not used[id] then
    used[id] = true
    wanted[#wanted + 1] = id
  end
  local text = escaped(pandoc.utils.stringify(link.content))
  return pandoc.RawInline('html', '<button type="button" class="value" popovertarget="pop-' .. id .. '">' .. text .. '</button>')
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

return {{Meta = words}, {Div = collect}, {Link = opened}, {Pandoc = append}}
