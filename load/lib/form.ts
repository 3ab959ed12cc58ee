export const formHeaders = { "content-type": "application/x-www-form-urlencoded" };

export function formOf(fields: Record<string, string>): string {
  return Object.entries(fields)
    .map((field) => field.map(encodeURIComponent).join("="))
    .join("&");
}
