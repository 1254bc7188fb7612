// A photo as it is sent: at most 2,400 pixels a side, drawn anew, so that nothing of what the camera wrote leaves
// the phone. What cannot be drawn here is sent as it is; the server says whether it is a photo.
const SIDE = 2400, QUALITY = 0.86

export async function plain(file: File): Promise<Blob> {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
    const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.max(1, Math.round(bitmap.width * scale))
    canvas.height = Math.max(1, Math.round(bitmap.height * scale))
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
    bitmap.close()
    return await new Promise<Blob>((ok) => canvas.toBlob((b) => ok(b ?? file), 'image/jpeg', QUALITY))
  } catch {
    return file
  }
}
