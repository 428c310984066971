-- Stands where Quarto stands in the row of filters: numbers, references, floats, side by side, landscape, page breaks.
local typst, html, docx = FORMAT:match('typst') ~= nil, FORMAT:match('html') ~= nil, FORMAT == 'docx'
local title, prefix = {fig = 'Figur', tbl = 'Tabel'}, {fig = 'Figur', tbl = 'Tabel', sec = 'Afsnit'}
local numbered = true
local shown = {}

local function kind_of(id) return id:match('^(fig)%-') or id:match('^(tbl)%-') or id:match('^(sec)%-') end
local function typ(text) return pandoc.RawBlock('typst', text) end
local function quoted(text) return '"' .. text:gsub('\\', '\\\\'):gsub('"', '\\"') .. '"' end
local function text_of(value) return value and pandoc.utils.stringify(value) end

local function settings(meta)
  local words = meta.language or {}
  for _, kind in ipairs({'fig', 'tbl', 'sec'}) do
    title[kind] = text_of(words['crossref-' .. kind .. '-title']) or title[kind]
    prefix[kind] = text_of(words['crossref-' .. kind .. '-prefix']) or prefix[kind]
  end
  numbered = text_of(meta['number-sections']) ~= 'false'
end

-- What every label is numbered with, in the order in which a reader meets it.
local function count(doc)
  local floats, levels, top = {fig = 0, tbl = 0}, {}, 9
  doc.blocks:walk({Header = function(header) top = math.min(top, header.level) end})
  local function float(block)
    local kind = kind_of(block.identifier)
    if kind then
      floats[kind] = floats[kind] + 1
      shown[block.identifier] = tostring(floats[kind])
    end
  end
  doc.blocks:walk({
    traverse = 'topdown',
    Header = function(header)
      if header.classes:includes('unnumbered') then return nil end
      local depth = header.level - top + 1
      levels[depth] = (levels[depth] or 0) + 1
      for deeper = depth + 1, 6 do levels[deeper] = 0 end
      local parts = {}
      for level = 1, depth do parts[level] = levels[level] or 0 end
      if numbered then shown[header.identifier] = table.concat(parts, '.') end
    end,
    Figure = float,
    Table = float,
  })
end

local function reference(cite)
  if not kind_of(cite.citations[1].id) then return nil end
  local out = pandoc.Inlines({})
  for index, citation in ipairs(cite.citations) do
    local kind, bare = kind_of(citation.id), citation.mode == 'SuppressAuthor'
    if index > 1 then out:extend({pandoc.Str(','), pandoc.Space()}) end
    if typst then
      out:insert(pandoc.RawInline('typst', '#ref(<' .. citation.id .. '>, supplement: [' .. (bare and '' or prefix[kind]) .. '])'))
    else
      local number = shown[citation.id] or '?'
      out:insert(pandoc.Link((bare and '' or prefix[kind] .. '\u{a0}') .. number, '#' .. citation.id))
    end
  end
  return out
end

local function in_typst(id, kind, body, caption)
  local out = pandoc.Blocks({typ('#figure([')})
  out:extend(body)
  out:insert(typ('], caption: figure.caption(\nposition: ' .. (kind == 'fig' and 'bottom' or 'top') .. ',\n['))
  out:insert(pandoc.Plain(caption))
  out:insert(typ(']),\nkind: "quarto-float-' .. kind .. '",\nsupplement: "' .. title[kind] .. '",\n)\n<' .. id .. '>'))
  return out
end

local function captioned(id, kind, body, caption)
  if typst then return in_typst(id, kind, body, caption) end
  local line = pandoc.Inlines({pandoc.Str(title[kind] .. '\u{a0}' .. shown[id] .. ':'), pandoc.Space()}) .. caption
  local first = kind == 'tbl'
  local out = pandoc.Blocks({})
  if html then
    local head = pandoc.Blocks({pandoc.RawBlock('html', '<figcaption>'), pandoc.Plain(line), pandoc.RawBlock('html', '</figcaption>')})
    out:insert(pandoc.RawBlock('html', '<figure>'))
    if first then out:extend(head) end
    out:extend(body)
    if not first then out:extend(head) end
    out:insert(pandoc.RawBlock('html', '</figure>'))
  else
    local head = pandoc.Div({pandoc.Para(line)}, pandoc.Attr('', {}, {['custom-style'] = first and 'Table Caption' or 'Image Caption'}))
    if first then out:insert(head) end
    out:extend(body)
    if not first then out:insert(head) end
  end
  return pandoc.Div(out, pandoc.Attr(id))
end

local function picture(image)
  local alt = image.attributes['fig-alt'] or image.attributes.alt or ''
  if typst then
    local width = image.attributes.width
    local size = width and width:match('^%d+%%$') and ', width: ' .. width or ''
    return pandoc.RawInline('typst', '#box(image(' .. quoted(image.src) .. ', alt: ' .. quoted(alt) .. size .. '))')
  end
  image.caption, image.identifier = {}, ''
  image.attributes['fig-alt'], image.attributes.alt = nil, alt
  return image
end

-- Word has its sections numbered in words: "1." and "1.1", as Quarto has them.
local function numbered_header(header)
  local number = shown[header.identifier]
  if not docx or not number or header.classes:includes('unnumbered') then return nil end
  header.content:insert(1, pandoc.Space())
  header.content:insert(1, pandoc.Str(number:find('.', 1, true) and number or number .. '.'))
  return header
end

local function words(caption) return pandoc.utils.blocks_to_inlines(caption.long) end

local function figure(block)
  local image
  block.content:walk({Image = function(one) image = image or one end})
  local kind = kind_of(block.identifier)
  if not image then return nil end
  if kind ~= 'fig' then return pandoc.Para({picture(image)}) end
  return captioned(block.identifier, 'fig', {pandoc.Plain({picture(image)})}, words(block.caption))
end

local function tabular(block)
  local id, caption = block.identifier, words(block.caption)
  if typst then block.classes:insert('typst:no-figure') end
  if kind_of(id) ~= 'tbl' then return block end
  block.identifier, block.caption = '', {long = {}}
  return captioned(id, 'tbl', {block}, caption)
end

local function side_by_side(div)
  local columns = tonumber(div.attributes['layout-ncol'])
  div.attributes['layout-ncol'] = nil
  if not typst then
    div.classes:insert('quarto-layout-row')
    return div
  end
  local out = pandoc.Blocks({typ('#grid(\ncolumns: (' .. string.rep('1fr', columns, ', ') .. '), gutter: 1em, rows: 1,')})
  for _, block in ipairs(div.content) do
    local raw = block.t == 'RawBlock' and block.text or ''
    if raw:match('^#figure') then out:insert(typ('rect(stroke: none, width: 100%)[')) end
    out:insert(block)
    if raw:match('>$') then out:insert(typ('],')) end
  end
  out:insert(typ(')'))
  return out
end

local function block(div)
  if div.attributes['layout-ncol'] then return side_by_side(div) end
  if div.classes:includes('pagebreak') then
    if typst then return typ('#pagebreak()') end
    if docx then return pandoc.RawBlock('openxml', '<w:p><w:r><w:br w:type="page"/></w:r></w:p>') end
    return pandoc.Div({}, pandoc.Attr('', {}, {style = 'page-break-after: always;'}))
  end
  if typst and div.classes:includes('landscape') then
    local out = pandoc.Blocks({typ('#set page(flipped: true)')})
    out:extend(div.content)
    out:insert(typ('#set page(flipped: false)'))
    return out
  end
end

return {{Pandoc = function(doc)
  settings(doc.meta)
  count(doc)
  doc.blocks = doc.blocks:walk({Cite = reference}):walk({Figure = figure, Table = tabular})
  doc.blocks = doc.blocks:walk({Image = picture, Div = block, Header = numbered_header})
  return doc
end}}
