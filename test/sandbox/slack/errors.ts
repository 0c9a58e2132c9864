/** The platform error of a call that must fail. */
export async function errorOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && 'data' in error) return String((error.data as { error: string }).error);
    throw error;
  }
  return 'ok';
}
