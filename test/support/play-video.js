/** For a page in a browser: what it says of a film, and what it shows in the middle of each frame, as RGB. */
// biome-ignore lint/correctness/noUnusedVariables: called from tests
const playVideo = async ({ base64, frames, fps }) => {
  const video = document.createElement('video');
  const once = (name) =>
    new Promise((resolve, reject) => {
      video.addEventListener(name, () => resolve(), { once: true });
      video.addEventListener('error', () => reject(new Error(video.error?.message)), { once: true });
    });
  video.muted = true;
  video.src = `data:video/mp4;base64,${base64}`;
  await once('loadeddata');
  const { videoWidth: width, videoHeight: height, duration } = video;
  const context = new OffscreenCanvas(width, height).getContext('2d');
  const pictures = [];
  for (let frame = 0; frame < frames; frame++) {
    // What is drawn may be the frame before until the new one is presented.
    const presented = new Promise((resolve) => video.requestVideoFrameCallback(resolve));
    const sought = once('seeked');
    video.currentTime = (frame + 0.5) / fps;
    await Promise.all([sought, presented]);
    context.drawImage(video, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    pictures.push([...data].filter((_, at) => at % 4 !== 3));
  }
  return { width, height, duration, colours: new VideoFrame(video).colorSpace.toJSON(), pictures };
};
