"""How the Word file looks: the document that pandoc takes its styles, page and footer from."""

from __future__ import annotations

import io
from pathlib import Path

from helpers.cli.supplement.fit import SIZES
from helpers.cli.supplement.pandoc import run_pandoc

SERIF, SANS = "Times New Roman", "Arial"
HEADINGS = {"Heading 1": 16, "Heading 2": 12, "Heading 3": 10.5}
BEFORE, AFTER = {"Heading 1": 0, "Heading 2": 14, "Heading 3": 10}, 4  # points
CAPTIONS = ("Table Caption", "Image Caption")
NOTE, LINE, NOTICE = "Table Note", "Contents Line", "Notice"
TABLE = """\
<w:style xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" w:type="table" w:styleId="Table"
  w:customStyle="1"><w:name w:val="Table"/><w:qFormat/><w:tblPr><w:tblBorders>
  <w:top w:val="single" w:sz="8" w:space="0" w:color="111111"/>
  <w:bottom w:val="single" w:sz="8" w:space="0" w:color="111111"/>
  <w:insideH w:val="single" w:sz="2" w:space="0" w:color="D0D0D0"/></w:tblBorders>
  <w:tblCellMar><w:top w:w="15" w:type="dxa"/><w:left w:w="60" w:type="dxa"/><w:bottom w:w="15" w:type="dxa"/>
  <w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>
  <w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>
  <w:bottom w:val="single" w:sz="6" w:space="0" w:color="111111"/></w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr>
  </w:tblStylePr></w:style>"""


def text_style(size: float) -> str:
    """Name of the style of a table's text in a size, points.

    >>> text_style(8.0), text_style(6.5)
    ('Table Text 8', 'Table Text 6.5')
    """
    return f"Table Text {size:g}"


def write_reference(path: Path, pandoc: str, header: str) -> None:
    """Write pandoc's own reference document in this project's styles, A4, with page numbers and ``header``."""
    from docx import Document

    run_pandoc(pandoc, "-o", path, "--print-default-data-file", "reference.docx")
    document = Document(io.BytesIO(path.read_bytes()))
    _set_page(document.sections[0], header)
    _set_text(document.styles)
    _set_headings(document.styles)
    _add_styles(document.styles)
    _set_table(document.styles)
    document.save(str(path))


def new_document(header: str):
    """An empty document in this project's styles for a table, A4, with page numbers and ``header``."""
    from docx import Document
    from docx.oxml import parse_xml
    from docx.shared import Pt

    document = Document()
    _set_page(document.sections[0], header)
    document.sections[0].different_first_page_header_footer = False
    _set_font(document.styles["Normal"], SERIF)
    document.styles["Normal"].font.size = Pt(10.5)
    _add_styles(document.styles)
    document.styles.element.append(parse_xml(TABLE))
    return document


def _set_page(section, header: str) -> None:
    from docx.shared import Mm

    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.bottom_margin = Mm(18)
    section.top_margin = Mm(20)
    section.header_distance = section.footer_distance = Mm(9)
    section.different_first_page_header_footer = True
    _small(section.header.paragraphs[0], header)
    foot = section.footer.paragraphs[0]
    foot.alignment = 1
    _add_field(_small(foot, ""), "PAGE")


def _small(paragraph, text: str):
    from docx.shared import Pt

    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(8), SERIF
    return run


def _add_field(run, instruction: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind in ("begin", "", "end"):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = instruction
        run._r.append(part)


def _set_text(styles) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name in ("Normal", "Body Text", "First Paragraph", "Compact", *CAPTIONS):
        _set_font(styles[name], SERIF)
    styles["Normal"].font.size = Pt(10.5)
    for name in ("Body Text", "First Paragraph"):
        styles[name].paragraph_format.space_before, styles[name].paragraph_format.space_after = Pt(0), Pt(6)
    for name in CAPTIONS:
        style = styles[name]
        style.font.size, style.font.italic = Pt(9), False
        style.paragraph_format.space_before = Pt(8 if name == "Table Caption" else 3)
        style.paragraph_format.space_after = Pt(3 if name == "Table Caption" else 10)
    styles["Table Caption"].paragraph_format.keep_with_next = True
    styles["Captioned Figure"].paragraph_format.keep_with_next = True
    # In a table or a note, code is as small as what stands beside it.
    styles["Verbatim Char"].font.size, styles["Verbatim Char"].font.name = None, "Courier New"
    styles["Hyperlink"].font.color.rgb = RGBColor(0x0B, 0x4F, 0x8A)
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")


def _set_headings(styles) -> None:
    from docx.shared import Pt, RGBColor

    for name, size in {**HEADINGS, "Title": 22, "Subtitle": 13}.items():
        style = styles[name]
        _set_font(style, SANS)
        style.font.size, style.font.color.rgb = Pt(size), RGBColor(0x11, 0x11, 0x11)
        style.font.bold, style.font.italic = name != "Subtitle", False
        style.paragraph_format.alignment = 0
        if name in HEADINGS:
            style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(BEFORE[name]), Pt(AFTER)
            style.paragraph_format.keep_with_next = True
    styles["Title"].paragraph_format.space_before = Pt(150)
    styles["Subtitle"].paragraph_format.space_before = Pt(10)
    styles["Heading 1"].paragraph_format.page_break_before = True


def _add_styles(styles) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt

    sizes = {NOTE: 8, LINE: 10, NOTICE: 10.5, **{text_style(size): size for size in SIZES}}
    for name, size in sizes.items():
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.font.size = styles["Normal"], Pt(size)
        _set_font(style, SERIF)
        style.paragraph_format.space_before = Pt(3 if name == NOTE else 0)
        style.paragraph_format.space_after = Pt({NOTE: 10, LINE: 2, NOTICE: 10}.get(name, 0))
        style.font.bold = True if name == NOTICE else None


def _set_font(style, name: str) -> None:
    """A font by its name alone: a theme's would go before it."""
    from docx.oxml.ns import qn

    style.font.name = name
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for side in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.attrib.pop(qn(f"w:{side}Theme"), None)
        fonts.set(qn(f"w:{side}"), name)


def _set_table(styles) -> None:
    from docx.oxml import parse_xml

    old = styles["Table"].element
    old.getparent().replace(old, parse_xml(TABLE))
