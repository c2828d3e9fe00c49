import { Markup } from './html.ts'

/** A text as a string of a style sheet, which ends neither the string nor the sheet. */
const quoted = (text: string): string =>
  `"${text.replace(/["\\<>\p{Cc}]/gu, (c) => `\\${c.codePointAt(0)?.toString(16)} `)}"`

/**
 * The style sheet of a report: on paper A4 with its number and the pages' in the margins, on a screen a sheet of paper,
 * on a telephone as wide as it is. Restrained like an office's papers: one red line, black type, hairlines.
 * @param number the document's number, in the head of each page but the first
 * @param counter what stands around the number of the page and of the pages
 */
export const reportStyle = (
  number: string,
  counter: readonly [string, string, string],
  latin: boolean,
): Markup =>
  new Markup(`${SHEET}
:root{--serif:${latin ? LATIN_SERIF : ''}"FangSong","FangSong_GB2312","STFangsong","Songti SC","SimSun","Noto Serif CJK SC","Source Han Serif SC",serif;
--head:${latin ? LATIN_SERIF : ''}"FZXiaoBiaoSong-B05S","STZhongsong","Songti SC","SimSun","Noto Serif CJK SC",serif;
--sans:${latin ? LATIN_SANS : ''}"SimHei","Heiti SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif}
@page{size:A4;margin:22mm 20mm 20mm;
@top-right{content:${quoted(number)};font:8.5pt var(--serif),serif;color:#555}
@bottom-center{content:${quoted(counter[0])} counter(page) ${quoted(counter[1])} counter(pages) ${quoted(counter[2])};font:9pt var(--serif),serif;color:#333}}
@page:first{@top-right{content:none}}`)

const LATIN_SERIF = '"Times New Roman","Liberation Serif","Nimbus Roman","Noto Serif","DejaVu Serif",'
const LATIN_SANS = 'Arial,"Liberation Sans","Noto Sans","DejaVu Sans",'

const SHEET = `*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;background:#e9ecec;color:#111}
body{margin:0;font:11.5pt/1.75 var(--serif);-webkit-print-color-adjust:exact;print-color-adjust:exact}
.sheet{max-width:210mm;margin:24px auto;padding:22mm 20mm;background:#fff;box-shadow:0 1px 6px rgba(0,0,0,.18)}
h1,h2,h3,p,figure,table,dl,dd,ol,ul{margin:0;padding:0}
a{color:inherit;text-decoration:none;border-bottom:1px dotted #888}
.mast{color:#b3201c;font:700 30pt/1.25 var(--head);text-align:center;letter-spacing:.06em}
.filing{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 8mm;margin-top:6mm;font-size:12pt}
.rule{height:0;margin:2mm 0 0;border:0;border-top:2.2pt solid #b3201c}
h1{margin:9mm 0 2mm;font:700 19pt/1.4 var(--head);text-align:center;text-wrap:balance}
.extract,.sub{text-align:center;font-size:10.5pt;color:#333}
h2{margin:8mm 0 2mm;font:700 13.5pt/1.5 var(--sans);break-after:avoid}
p.body{text-indent:2em;text-align:justify;orphans:2;widows:2}
html[lang=en] .mast{font-size:23pt;letter-spacing:0}html[lang=en] body{font-size:10.5pt;line-height:1.6}html[lang=en] p.body{text-indent:0;text-align:left}
p.key{margin-top:1.5mm;font-size:9pt;line-height:1.55;color:#444}
ol.points{list-style:none;margin:1mm 0 0}
ol.points li{padding-left:2em;text-indent:0;break-inside:avoid}
ol.points .said{display:block;font-size:10pt;line-height:1.55;color:#333}
strong{font-family:var(--sans)}
.good{color:#17603f}.warn{color:#7a4a00}.bad{color:#a3170f}.calm{color:#3c4a52}
td .good,td .warn,td .bad,td .calm,strong.good,strong.warn,strong.bad{font-family:var(--sans);font-weight:700}
.caption{margin:4mm 0 1.5mm;font:700 10.5pt/1.4 var(--sans);text-align:center;break-after:avoid}
.scroll{overflow-x:auto}.short{break-inside:avoid}
table{width:100%;border-collapse:collapse;border-top:1.2pt solid #111;border-bottom:1.2pt solid #111;font-size:9.5pt;line-height:1.45}
thead{display:table-header-group}
tr{break-inside:avoid}
th,td{padding:1.3mm 1.6mm;border:.4pt solid #999;vertical-align:middle;overflow-wrap:anywhere}
th{font:700 9pt/1.35 var(--sans);text-align:center;text-wrap:balance;overflow-wrap:normal;background:#f3f5f4}th:first-child{white-space:nowrap}
tbody th{text-wrap:wrap;white-space:normal!important;font-weight:400;font-family:inherit;font-size:9.5pt;text-align:left;background:none}
td.n{text-align:right;white-space:nowrap;overflow-wrap:normal;font-variant-numeric:tabular-nums}
td.c{text-align:center;white-space:nowrap;overflow-wrap:normal}
td.id{font-size:8.5pt;white-space:nowrap;overflow-wrap:normal}
td small,th small{display:block;font-size:8.5pt;color:#444}
tr.sum th,tr.sum td{font-weight:700;background:#f8f9f9}
figure{margin:5mm 0 0}
figure,.small,tbody:has(tr.note){break-inside:avoid}
tr.note td{padding-top:0;font-size:9pt;color:#333;border-top:0}tr:has(+tr.note)>*{border-bottom:0}
figure img{display:block;width:100%;height:auto}
figcaption{font:700 10.5pt/1.4 var(--sans);text-align:center;break-after:avoid}
figcaption small{display:block;font:400 9pt/1.5 var(--serif);color:#444}
.grid{display:grid;gap:4mm 6mm;margin-top:2mm}.across-2{grid-template-columns:1fr 1fr}.across-3{grid-template-columns:1fr 1fr 1fr}
tbody th[scope=row]{min-width:37mm}.tight{font-size:8.5pt}.tight tbody th[scope=row]{min-width:0;white-space:nowrap!important}.tight th,.tight td{padding:.55mm 1.6mm;line-height:1.3;font-size:8.5pt}
.small p{font:700 9pt/1.4 var(--sans)}
.signs{display:grid;grid-template-columns:1fr 1fr 1fr;gap:0 6mm;margin-top:14mm;break-inside:avoid}
.signs div{padding-bottom:9mm;border-bottom:.6pt solid #111;font-family:var(--sans);font-size:11pt}
.seal{grid-column:2/4;justify-self:end;min-width:70mm;min-height:44mm;margin-top:8mm;padding-top:15mm;border:0!important;text-align:center;line-height:2.1;font-family:var(--serif)!important;color:#333}
.check{display:grid;grid-template-columns:34mm 1fr;gap:6mm;align-items:center;margin-top:3mm;padding:4mm;border:.8pt solid #111;break-inside:avoid}
.check .qr{display:block;width:34mm;height:34mm}
.check p{font-size:10pt;line-height:1.6}
.check dl{display:grid;grid-template-columns:max-content 1fr;gap:.6mm 4mm;margin-top:1.5mm;font-size:9.5pt;line-height:1.5}
.check dt{color:#444}.check dd{overflow-wrap:anywhere}
code{font:9pt/1.5 Consolas,"Liberation Mono",monospace}
.annex{break-before:page}
@media screen and (max-width:820px){.sheet{margin:0;padding:18px 16px;box-shadow:none}.mast{font-size:21pt}h1{font-size:15.5pt;margin-top:18px}
.scroll table,.scroll img{min-width:560px}.scroll.wide table{min-width:760px}.grid{grid-template-columns:1fr!important}.small{max-width:380px}.check{grid-template-columns:1fr}.signs{grid-template-columns:1fr}.seal{grid-column:1;justify-self:stretch;min-width:0}
p.body{text-align:left}}
@media print{html{background:#fff}.sheet{max-width:none;margin:0;padding:0;box-shadow:none}a{border:0}.scroll{overflow:visible}}`
