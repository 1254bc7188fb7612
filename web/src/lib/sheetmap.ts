// How the columns of a file are read, as the server writes it: "日期=time;化学需氧量=cod". Pure.
export interface SheetColumn { title: string; as: string } // as: time, station, state, an item, or - for nothing

const pairs = (s: string) => s.split(';').filter(Boolean).map((p) => { const at = p.lastIndexOf('='); return { title: p.slice(0, at), as: p.slice(at + 1) } })
/* Columns that are read, then those that nothing is read from. */
export const columnsOf = (map: string, ignored: string): SheetColumn[] => [...pairs(map), ...pairs(ignored)]
export const mapOf = (columns: SheetColumn[]) => columns.map((c) => `${c.title}=${c.as}`).join(';')
