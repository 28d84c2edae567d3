/** Text that Terraform takes as it is: without this it would read `${` and `%{` in it as its own. */
export function literal(text: string): string {
  return text.replace(/([$%])\{/g, '$1$1{');
}
