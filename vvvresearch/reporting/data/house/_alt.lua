-- Runs last. Word takes an image's own caption for its alternative text, PowerPoint its title, and prints the caption below; a wide table
-- on a page scrolls by touch and key.
if FORMAT == 'docx' or FORMAT == 'pptx' then
  return {{Image = function(image)
    local alt = image.attributes['fig-alt'] or image.attributes.alt
    if not alt then return nil end
    image.caption, image.title = FORMAT == 'docx' and {pandoc.Str(alt)} or {}, alt
    return image
  end}}
end
if not FORMAT:match('html') then return {} end
-- A figure that is drawn for a phone as well is shown by the width of the page; what is not shown is not read aloud.
local function both_widths(image)
  local stem = image.src:match('^(.+)%.svg$')
  if not stem or not pcall(pandoc.mediabag.fetch, stem .. '.narrow.svg') then return nil end
  local phone = image:clone()
  phone.src = stem .. '.narrow.svg'
  image.classes:insert('on-page')
  phone.classes:insert('on-phone')
  return {image, phone}
end

local word = 'Tabel'
local MANY = 3
return {
  {Meta = function(meta) if meta['vvv-table'] then word = pandoc.utils.stringify(meta['vvv-table']) end end},
  {Table = function(tbl)
    -- Screen readers say of each head what it is the head of.
    for _, row in ipairs(tbl.head.rows) do
      for _, cell in ipairs(row.cells) do cell.attributes.scope = 'col' end
    end
    for _, part in ipairs(tbl.bodies) do
      if part.row_head_columns > 0 then
        for _, row in ipairs(part.body) do row.cells[1].attributes.scope = 'row' end
      end
    end
    if #tbl.colspecs < MANY then return tbl end
    -- Pairs in an order: the keys of a Lua table come in another each time, and the same report must be the same bytes.
    return pandoc.Div({tbl}, pandoc.Attr('', {'table-wrap'}, {{'role', 'group'}, {'aria-label', word}, {'tabindex', '0'}}))
  end},
  {Image = both_widths},
}
