// What can be chosen in a list.
export interface Option {
  value: string;
  name: string;
  disabled?: boolean;
}
