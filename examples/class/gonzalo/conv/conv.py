import numpy as np

def conv2d_valid(image, kernel):
    return conv2d(image, kernel)

def conv2d(image, kernel, stride=1, pad=0):
    imagen = np.pad(image, pad)
    k = len(kernel)
    filas = (imagen.shape[0] - k) // stride + 1
    columnas = (imagen.shape[1] - k) // stride + 1
    if filas <= 0 or columnas <= 0:
        raise ValueError("kernel muy grande")
    salida = np.zeros((filas, columnas))
    for i in range(filas):
        for j in range(columnas):
            salida[i, j] = np.sum(imagen[i*stride:i*stride+k, j*stride:j*stride+k] * kernel)
    return salida

def conv_forward(x, w, b, stride=1, pad=0):
    if x.shape[1] != w.shape[1]:
        raise ValueError("canales")
    salida = []
    for imagen in x:
        for filtro, sesgo in zip(w, b):
            salida.append(sum(conv2d(canal, kernel, stride, pad) for canal, kernel in zip(imagen, filtro)) + sesgo)
    salida = np.array(salida)
    return salida.reshape(len(x), len(w), salida.shape[1], salida.shape[2])

def conv_backward(dout, x, w, b, stride=1, pad=0):
    n_imagenes, n_filtros, filas, columnas = dout.shape
    k = w.shape[2]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(b.shape)
    for n in range(n_imagenes):
        for f in range(n_filtros):
            i = 0
            while i < filas:
                j = 0
                while j < columnas:
                    g = dout[n, f, i, j]
                    a, c = i * stride, j * stride
                    dxp[n, :, a:a+k, c:c+k] += g * w[f]
                    dw[f] += g * xp[n, :, a:a+k, c:c+k]
                    db[f] += g
                i += 1
                j += 1
    H, W = x.shape[2:]
    return dxp[:, :, pad:pad+H, pad:pad+W], dw, db
