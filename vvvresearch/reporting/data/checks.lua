-- Finds what lies outside the list of constructs that both engines render alike; says all of it, changes nothing.
local CLASSES = {'lead', 'pull-quote', 'case', 'advice', 'base', 'goal', 'note', 'card', 'cards', 'colophon', 'landscape', 'pagebreak', 'refs',
  'value', 'back', 'status', 'advice-title', 'advice-number', 'label', 'score', 'against', 'sure', 'pair', 'hidden-note', 'slide', 'column',
  'columns', 'marks', 'year', 'date', 'name', 'unnumbered', 'table-wrap', 'small', 'count', 'reply', 'smallcaps', 'plain', 'notes'}
local ATTRIBUTES = {lang = true, ['layout-ncol'] = true, ['fig-alt'] = true, ['tbl-colwidths'] = true, width = true, alt = true}
local known, ids, wanted, problems, headings = {}, {}, {}, {}, {}
for _, name in ipairs(CLASSES) do known[name] = true end

local function say(kind, fragment, detail)
  problems[#problems + 1] = {kind = kind, fragment = fragment, detail = detail or ''}
end
local function identified(id, number)
  if id == '' then return end
  if ids[id] ~= nil then say('twice', '#' .. id, id) end
  ids[id] = number
  if id:match('^eq%-') or id:match('^lst%-') or id:match('^thm%-') then say('block', '#' .. id, id) end
end
local function attributes(el, name)
  for _, class in ipairs(el.classes) do
    if not known[class] then say('block', '.' .. class, class) end
  end
  for key, value in pairs(el.attributes) do
    if not ATTRIBUTES[key] then say('block', key, key) end
    if key == 'layout-ncol' and value ~= '2' then say('block', 'layout-ncol', 'layout-ncol=' .. value) end
  end
  identified(el.identifier, 'div')
  if name == 'Div' and (el.identifier:match('^fig%-') or el.identifier:match('^tbl%-')) then say('block', '#' .. el.identifier, 'a div labelled ' .. el.identifier) end
end
local function raw(el)
  if not el.text:match('^%s*<!%-%-.-%-%->%s*$') then say('raw', el.text:match('^%s*([^\n]*)'):sub(1, 40), el.format) end
end
local function image(el)
  if (el.attributes['fig-alt'] or el.attributes.alt or '') == '' then say('alt', '](' .. el.src, el.src) end
  if #(el.attributes['fig-alt'] or '') > 600 then say('long-alt', '](' .. el.src, el.src) end
  local file = not el.src:match('^%a[%w+.-]*:') and not el.src:match('^[/\\]') and not el.src:match('%.%.') and io.open(el.src, 'rb')
  if file then file:close() else say('image', '](' .. el.src, el.src) end
  for _, class in ipairs(el.classes) do say('block', '.' .. class, class) end
  for key, _ in pairs(el.attributes) do
    if not ATTRIBUTES[key] then say('block', key, key) end
  end
end
-- Markup that pandoc did not take for such is printed: notes without text, labels where none can stand, fences without a partner.
local LEFT = {'%[%^[%w_-]+%]', '^:::+', '{#[%w_-]+', '{%.[%w_-]+'}
local function left_over(el)
  for _, pattern in ipairs(LEFT) do
    local found = el.text:match(pattern)
    if found then say('left', found, found) end
  end
end
local function cells(el)
  local function row(one)
    for _, cell in ipairs(one.cells) do
      local text = pandoc.utils.stringify(cell.contents)
      if (utf8.len(text) or #text) > 2000 then say('long', text:sub(1, 24):match('^[^\n]*'), tostring(utf8.len(text))) end
    end
  end
  for _, one in ipairs(el.head.rows) do row(one) end
  for _, body in ipairs(el.bodies) do for _, one in ipairs(body.body) do row(one) end end
end

return {{Pandoc = function(doc)
  local depth = 0
  local function each(blocks)
    blocks:walk({
      traverse = 'topdown',
      Header = function(el)
        local numbered = not el.classes:includes('unnumbered')
        identified(el.identifier, numbered and 'sec' or 'bare')
        if el.level > depth + 1 then say('skips', pandoc.utils.stringify(el.content), '') end
        depth = el.level
        for _, class in ipairs(el.classes) do if not known[class] then say('block', '.' .. class, class) end end
        el.content:walk({Link = function(link) say('linked-heading', link.target, '') end})
      end,
      Figure = function(el)
        identified(el.identifier, 'fig')
        if not el.identifier:match('^fig%-') then
          local src = ''
          el.content:walk({Image = function(one) src = one.src end})
          say('unlabelled', '](' .. src, src)
        end
      end,
      Table = function(el) identified(el.identifier, 'tbl'); cells(el) end,
      Div = function(el) attributes(el, 'Div') end,
      Span = function(el) attributes(el, 'Span') end,
      Image = image,
      Str = left_over,
      RawBlock = raw,
      RawInline = raw,
      CodeBlock = function(el) for _, class in ipairs(el.classes) do if class:match('^%{') then say('cell', '{' .. class, class) end end end,
      Math = function(el) if el.text == '' then say('block', '$', 'math') end end,
      Cite = function(el)
        for _, citation in ipairs(el.citations) do
          local kind = citation.id:match('^(%a+)%-')
          if kind == 'eq' or kind == 'lst' or kind == 'thm' then say('block', '@' .. citation.id, '@' .. citation.id) end
          if kind == 'fig' or kind == 'tbl' or kind == 'sec' then
            wanted[#wanted + 1] = {kind = 'reference', target = citation.id, fragment = '@' .. citation.id}
            if #citation.suffix > 0 or #citation.prefix > 0 then say('words', '@' .. citation.id, citation.id) end
          else
            wanted[#wanted + 1] = {kind = 'citation', target = citation.id, fragment = '@' .. citation.id}
          end
        end
      end,
      Link = function(el)
        if el.target:match('^#') then wanted[#wanted + 1] = {kind = 'link', target = el.target:sub(2), fragment = '](' .. el.target} end
      end,
    })
  end
  each(doc.blocks)
  for _, one in ipairs(wanted) do
    local found = ids[one.target]
    if one.kind == 'reference' and (not found or found == 'bare' or found == 'div') then say('reference', one.fragment, one.target) end
    if one.kind == 'link' and found == nil then say('link', one.fragment, one.target) end
    if one.kind == 'citation' and not doc.meta.bibliography and not doc.meta.references then say('citation', one.fragment, one.target) end
  end
  if not doc.meta.title or pandoc.utils.stringify(doc.meta.title) == '' then say('title', '', '') end
  local known_ids, said = {}, {}
  for id, _ in pairs(ids) do known_ids[#known_ids + 1] = id end
  for _, key in ipairs({'title', 'subtitle', 'date', 'abstract', 'lang'}) do said[key] = doc.meta[key] and pandoc.utils.stringify(doc.meta[key]) or '' end
  said.authors = {}
  local authors = doc.meta.author
  if authors and pandoc.utils.type(authors) == 'List' then
    for _, one in ipairs(authors) do said.authors[#said.authors + 1] = pandoc.utils.stringify(one) end
  elseif authors then
    said.authors[1] = pandoc.utils.stringify(authors)
  end
  io.stderr:write('VVV' .. pandoc.json.encode({problems = problems, ids = known_ids, meta = said}) .. '\n')
  -- Nothing is written, and no picture fetched, of a document that is refused.
  if #problems > 0 then os.exit(0) end
  return doc
end}}
