// A column of a table.
export interface TableColumn {
  id: string;
  name: string;
  numeric?: boolean;
  sortable?: boolean;
}
